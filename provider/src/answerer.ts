import { type Question, questionArgument, questionFrom, toHex } from '@essaim/protocol';
import { DemandStatus, findTerms, newestLog, type Terms } from '@essaim/sdk';
import { describeFailure, type Failure, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import { answerTo, type Kept, segmentAsked } from './answer.ts';
import { waitsForFee } from './extend.ts';
import { recall, withSegment } from './produce.ts';
import { publishSegment } from './publish.ts';
import { accountOf, act, type Shop } from './shop.ts';

/** A question, and when its clock was to end at first, in seconds. */
interface Asked {
  readonly question: Question;
  readonly endsAt: bigint;
}

/** Answers every question that is asked about the provider's submissions: silence would convict it. */
export class Answerer {
  readonly #shop: Shop;
  readonly #asked: Worklist<Asked>;
  #feed?: LogFeed;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#asked = new Worklist(shop.essaim.pollingInterval);
  }

  /** Answers until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#shop;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** Reads new questions and answers those that are open. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const { provider } = this.#shop.essaim;
    await this.#read(await provider.getBlockNumber());
    for (const [id, asked] of this.#asked.due()) {
      if (signal?.aborted) return;
      try {
        if (await this.#answer(id, asked, signal)) this.#asked.delete(id);
        else this.#asked.postpone(id);
      } catch (error) {
        if (signal?.aborted) return;
        // tried until its clock is over: an answer that comes late costs nothing, none at all costs the stake
        this.#asked.postpone(id);
        this.#shop.say({ event: 'answer-delayed', demandId: id, ...describeFailure(error) });
      }
    }
  }

  async #read(head: number): Promise<void> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { Availability } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await Availability.getAddress(),
      topics: [Availability.getEvent('Demanded').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const log of await this.#feed.read(head)) {
      const event = Availability.interface.parseLog(log);
      if (!event) continue;
      const { demandId, question, endsAt } = event.args;
      this.#asked.add(demandId, { question: questionFrom(question), endsAt });
    }
  }

  /** Answers a question about a batch of ours that is still open; false if that has to wait. */
  async #answer(id: string, { question, endsAt: first }: Asked, signal?: AbortSignal): Promise<boolean> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { Availability } = contracts;
    const jobId = await this.#jobOf(question.batchId);
    if (!jobId) return true;
    const { status, fee, endsAt, endsAtBlock } = await Availability.demand(questionArgument(question));
    if (status !== DemandStatus.Open) return true;
    const told = { jobId, demandId: id, leaf: question.leaf, kind: question.kind, index: question.index };
    const head = await provider.getBlock('latest');
    if (head && BigInt(head.timestamp) > endsAt && BigInt(head.number) > endsAtBlock) {
      this.#shop.say({ event: 'unanswered', ...told });
      return true;
    }
    if (head && (await waitsForFee(this.#shop, question, first, { fee, endsAt, endsAtBlock }, head, signal)))
      return false;
    const terms = await findTerms(contracts, jobId, deployment.startBlock);
    const kept = await recall(this.#shop, jobId, terms, signal);
    const filled = await this.#withSegment(question, kept, terms, signal);
    const blob = answerTo(question, filled, await this.#serve(question, jobId, filled));
    const call = await Availability.answer.populateTransaction(questionArgument(question), toHex(blob));
    await act(this.#shop, call, `answering demand ${id}`, signal);
    this.#shop.say({ event: 'answered', ...told });
    return true;
  }

  /** Puts the values inside the segment that is asked for on IPFS; without them the demander asks for them on chain. */
  async #serve({ kind, leaf, index }: Question, jobId: string, { traces }: Kept): Promise<string | undefined> {
    const { policy, essaim, say } = this.#shop;
    const trace = traces[leaf];
    if (kind !== 'segment' || policy.publishTraces === false || !trace.program.segments[index]) return undefined;
    try {
      return await publishSegment(essaim.storage, trace, index);
    } catch (error) {
      say({ event: 'unserved', jobId, segment: index, ...describeFailure(error) });
      return undefined;
    }
  }

  /** What is kept, with the inner values of the segment that is asked about: made again as they were made before. */
  async #withSegment(question: Question, kept: Kept, terms: Terms, signal?: AbortSignal): Promise<Kept> {
    const segment = segmentAsked(question);
    const trace = kept.traces[question.leaf];
    if (segment === null || !trace.program.segments[segment]) return kept;
    const { onnx } = await this.#shop.essaim.models.load(terms.model, terms.programId, signal);
    return { ...kept, traces: kept.traces.with(question.leaf, await withSegment(this.#shop, trace, onnx, segment)) };
  }

  /** The job that a batch of ours is about; undefined if it is another's. */
  async #jobOf(batchId: string): Promise<string | undefined> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { Claims, JobMarket } = contracts;
    const { executor, client } = await Claims.batch(batchId);
    if (executor !== (await accountOf(this.#shop).getAddress()) || client !== (await JobMarket.getAddress())) {
      return undefined;
    }
    const log = await newestLog(provider, {
      address: await Claims.getAddress(),
      topics: [Claims.getEvent('Submitted').fragment.topicHash, batchId],
      fromBlock: deployment.startBlock,
    });
    return log && Claims.interface.parseLog(log)?.args.subject;
  }
}
