import { type ChainQuestion, type Question, questionArgument, questionFrom, toHex } from '@essaim/protocol';
import { answerFor, claimKept, type KeptClaim, segmentAsked } from '@essaim/runtime';
import { DemandStatus, eventOf, findTerms, newestLog } from '@essaim/sdk';
import { atOneBlock, behind, describeFailure, type Failure, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import type { Contents } from '@essaim/storage';
import { ZeroAddress } from 'ethers';
import { waitsForFee } from './extend.ts';
import { recall } from './produce.ts';
import { publishSegment } from './publish.ts';
import { withSegment } from './sample.ts';
import { contentsOf } from './sealed/contents.ts';
import { accountOf, act, type Shop } from './shop.ts';

/** A question, and when its clock was to end at first, in seconds. */
interface Asked {
  readonly question: Question;
  readonly endsAt: bigint;
}

/** A submission of ours that can be asked about. */
export interface Source {
  /** For logs. */
  readonly about: { readonly jobId: string } | { readonly runId: string };
  /** One claim of it, as it was committed to, and the model that made it. */
  recall(leaf: number, signal?: AbortSignal): Promise<{ claim: KeptClaim; onnx: Uint8Array }>;
  /** Where what it shows off chain is put; the storage as it is unless given. */
  contents?(): Promise<Contents>;
}

/** Finds what a batch of another client than the job market is about; undefined if it is not one of its. */
export type FindSource = (batchId: string, client: string) => Promise<Source | undefined>;

/** Answers every question that is asked about the provider's submissions: silence would convict it. */
export class Answerer {
  readonly #shop: Shop;
  readonly #asked: Worklist<Asked>;
  readonly #sources: readonly FindSource[];
  #feed?: LogFeed;

  /** @param sources of other batches than jobs' */
  constructor(shop: Shop, sources: readonly FindSource[] = []) {
    this.#shop = shop;
    this.#sources = sources;
    this.#asked = new Worklist(shop.essaim.pollingInterval);
  }

  /** Whether questions wait to be looked at or answered. */
  get isAsked(): boolean {
    return this.#asked.all().length > 0;
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
      const event = eventOf(Availability.interface, log);
      if (!event) continue;
      const { demandId, endsAt } = event.args;
      this.#asked.add(demandId, { question: questionFrom(event.args as unknown as ChainQuestion), endsAt });
    }
  }

  /** Answers a question about a batch of ours that is still open; false if that has to wait. */
  async #answer(id: string, { question, endsAt: first }: Asked, signal?: AbortSignal): Promise<boolean> {
    const { provider, contracts } = this.#shop.essaim;
    const { Availability } = contracts;
    // of one block: a clock that was extended meanwhile must not look as if it were over
    const [{ status, fee, endsAt, endsAtBlock }, head] = await atOneBlock(provider, () =>
      Promise.all([Availability.demand(questionArgument(question)), provider.getBlock('latest')]),
    );
    if (status === DemandStatus.None) throw behind(`demand ${id}`);
    if (status !== DemandStatus.Open) return true;
    const source = await this.#sourceOf(question.batchId);
    if (!source) return true;
    const told = { ...source.about, demandId: id, leaf: question.leaf, kind: question.kind, index: question.index };
    if (head && BigInt(head.timestamp) > endsAt && BigInt(head.number) > endsAtBlock) {
      this.#shop.say({ event: 'unanswered', ...told });
      return true;
    }
    if (head && (await waitsForFee(this.#shop, question, first, { fee, endsAt, endsAtBlock }, head, signal)))
      return false;
    const { claim, onnx } = await source.recall(question.leaf, signal);
    const filled = await this.#withSegment(question, claim, onnx);
    const blob = answerFor(question, filled, await this.#serve(question, source, filled));
    const call = await Availability.answer.populateTransaction(questionArgument(question), toHex(blob));
    await act(this.#shop, call, `answering demand ${id}`, signal, endsAt);
    this.#shop.say({ event: 'answered', ...told });
    return true;
  }

  /** Puts the values inside the segment that is asked for on IPFS; without them the demander asks for them on chain. */
  async #serve(
    { kind, index }: Question,
    { about, contents }: Source,
    { trace }: KeptClaim,
  ): Promise<string | undefined> {
    const { policy, essaim, say } = this.#shop;
    if (kind !== 'segment' || policy.publishTraces === false || !trace.program.segments[index]) return undefined;
    try {
      return await publishSegment((await contents?.()) ?? essaim.storage, trace, index);
    } catch (error) {
      say({ event: 'unserved', ...about, segment: index, ...describeFailure(error) });
      return undefined;
    }
  }

  /** What is kept, with the inner values of the segment that is asked about: made again as they were made before. */
  async #withSegment(question: Question, claim: KeptClaim, onnx: Uint8Array): Promise<KeptClaim> {
    const segment = segmentAsked(question);
    if (segment === null || !claim.trace.program.segments[segment]) return claim;
    return { ...claim, trace: await withSegment(this.#shop, claim.trace, onnx, segment) };
  }

  /** What a batch of ours is about, and how its claims are had again; undefined if it is another's. CHAIN_BEHIND */
  async #sourceOf(batchId: string): Promise<Source | undefined> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { Claims, JobMarket } = contracts;
    const { executor, client } = await Claims.batch(batchId);
    if (executor === ZeroAddress) throw behind(`batch ${batchId}`);
    if (executor !== (await accountOf(this.#shop).getAddress())) return undefined;
    for (const source of this.#sources) {
      const found = await source(batchId, client);
      if (found) return found;
    }
    if (client !== (await JobMarket.getAddress())) return undefined;
    const log = await newestLog(provider, {
      address: await Claims.getAddress(),
      topics: [Claims.getEvent('Submitted').fragment.topicHash, batchId],
      fromBlock: deployment.startBlock,
    });
    const jobId: string | undefined = log && Claims.interface.parseLog(log)?.args.subject;
    if (jobId === undefined) throw behind(`the submission of batch ${batchId}`);
    return this.#job(jobId);
  }

  #job(jobId: string): Source {
    const { contracts, deployment, models } = this.#shop.essaim;
    const termsOf = () => findTerms(contracts, jobId, deployment.startBlock);
    return {
      about: { jobId },
      contents: async () => contentsOf(this.#shop, await termsOf()),
      recall: async (leaf, signal) => {
        const terms = await termsOf();
        const kept = await recall(this.#shop, jobId, terms, signal);
        const { onnx } = await models.load(terms.model, terms.programId, signal);
        return { claim: claimKept(kept, leaf), onnx };
      },
    };
  }
}
