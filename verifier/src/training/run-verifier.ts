import { type Hash, runBatchId } from '@essaim/protocol';
import { ClaimState, findRun, type SubmittedBatch } from '@essaim/sdk';
import { describeFailure, type Failure, isPassing, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import { accountOf, type Desk } from '../case.ts';
import { collect, convict } from '../convict.ts';
import { Unanswered } from '../demand.ts';
import { openRound, roundDocket } from './round-case.ts';
import type { Sampling } from './sampling.ts';
import { stepsOf } from './step-views.ts';
import { tryRound } from './try-round.ts';

/** A batch that was submitted to a run: by run and transaction. */
interface Entry {
  readonly runId: Hash;
  readonly transaction: string;
}

/** Rounds that are tried at once: all but one of them wait for answers on chain. */
const AT_ONCE = 16;

/** Checks the rounds of all runs and convicts the wrong ones. What it does next follows from the chain alone. */
export class RunVerifier {
  readonly #desk: Desk;
  readonly #sampling: Sampling;
  readonly #pending: Worklist<Entry>;
  readonly #busy = new Map<string, Promise<void>>();
  #feed?: LogFeed;

  constructor(desk: Desk, sampling: Sampling) {
    this.#desk = desk;
    this.#sampling = sampling;
    this.#pending = new Worklist(desk.essaim.pollingInterval);
  }

  /** Works until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** Reads new rounds and begins to try them, oldest first. */
  async cycle(signal?: AbortSignal): Promise<void> {
    await this.#read();
    for (const [key, entry] of this.#pending.due()) {
      if (signal?.aborted || this.#busy.size >= AT_ONCE) return;
      if (this.#busy.has(key)) continue;
      const work = this.#work(key, entry, signal).finally(() => this.#busy.delete(key));
      this.#busy.set(key, work);
    }
  }

  async #work(key: string, { runId, transaction }: Entry, signal?: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    let told: { runId: Hash; round: number; seat: number; provider: string } | undefined;
    try {
      const { batches } = await essaim.training.history(runId);
      const submitted = batches.find((batch) => batch.transaction === transaction);
      if (submitted?.kind === 'steps') {
        const { round, seat, trainer } = submitted.batch;
        told = { runId, round, seat, provider: trainer };
        await this.#check(runId, submitted, told, signal);
      }
      this.#pending.delete(key);
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      if (told) say({ event: isPassing(error) ? 'retrying' : 'failed', ...told, ...failure });
      else say({ event: 'chain', ...failure });
      if (isPassing(error)) this.#pending.postpone(key);
      else this.#pending.delete(key);
    }
  }

  async #check(
    runId: Hash,
    submitted: SubmittedBatch,
    told: { runId: Hash; round: number; seat: number; provider: string },
    signal?: AbortSignal,
  ): Promise<void> {
    const { say } = this.#desk;
    if (!(await this.#isPending(runId, submitted, told, signal))) return;
    const round = await openRound(this.#desk, runId, submitted, signal);
    try {
      const shown = await stepsOf(this.#desk, round, signal);
      const { charge, steps } = await tryRound(this.#desk, round, shown, this.#sampling, signal);
      if (charge) say({ event: 'convicted', ...told, ...(await convict(this.#desk, round, charge, signal)) });
      if (charge?.verdict !== 'convicted') say({ event: 'checked', ...told, steps, of: submitted.batch.count });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const { leaf, kind } = error.question;
      const taken = await collect(this.#desk, round, signal);
      const silence = { verdict: 'convicted', fault: 'silence', leaf, demanded: kind, proofBytes: 0 } as const;
      say({ event: 'convicted', ...told, ...silence, transactions: 2, gas: 0, ...taken });
    }
  }

  /** Whether a round can still be convicted; one that we convicted before a restart is brought to its end. */
  async #isPending(
    runId: Hash,
    submitted: SubmittedBatch,
    told: { runId: Hash; round: number; seat: number; provider: string },
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { essaim, say } = this.#desk;
    const { Claims, TrainingRegistry } = essaim.contracts;
    const registry = await TrainingRegistry.getAddress();
    const batchId = runBatchId(registry, runId, submitted.batch);
    const state = await Claims.state(batchId);
    if (state === ClaimState.Pending) return true;
    if (state !== ClaimState.Rejected) {
      say({ event: 'over', ...told });
      return false;
    }
    const { challenger } = await Claims.conviction(batchId);
    if (challenger !== (await accountOf(this.#desk).getAddress())) {
      say({ event: 'lost', ...told, challenger });
      return false;
    }
    const { terms } = await findRun({ ...essaim, startBlock: essaim.deployment.startBlock }, runId);
    const taken = await collect(this.#desk, roundDocket(this.#desk, runId, terms, submitted, registry), signal);
    say({ event: 'collected', ...told, ...taken });
    return false;
  }

  async #read(): Promise<void> {
    const { provider, contracts, deployment } = this.#desk.essaim;
    const { TrainingRegistry } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await TrainingRegistry.getAddress(),
      topics: [TrainingRegistry.getEvent('Submitted').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const { topics, transactionHash } of await this.#feed.read(await provider.getBlockNumber()))
      this.#pending.add(transactionHash, { runId: topics[1], transaction: transactionHash });
  }
}
