import { type Hash, runBatchId } from '@essaim/protocol';
import { ClaimState, type Essaim, findRun, type LogFilter, type SubmittedBatch } from '@essaim/sdk';
import { describeFailure, type Failure, isPassing, Worklist, watch } from '@essaim/sdk/node';
import { type Block, dataSlice, getAddress } from 'ethers';
import type { Desk } from '../case.ts';
import { Forgone } from '../consent.ts';
import { collect, convict } from '../convict.ts';
import { Unanswered } from '../demand.ts';
import type { Outlook } from '../horizon.ts';
import type { Lanes } from '../lanes.ts';
import { LogsSince } from '../logs-since.ts';
import { Places, type Rest } from '../places.ts';
import type { Eye } from '../policy/eye.ts';
import { openRound, roundDocket, toldOf } from './round-case.ts';
import type { Sampling } from './sampling.ts';
import { stepsOf } from './step-views.ts';
import { tryRound } from './try-round.ts';
import { tryScore } from './try-score.ts';

/** A batch that was submitted to a run. One transaction may submit those of several trainers. */
interface Entry extends Pick<SubmittedBatch, 'transaction'> {
  readonly isAggregation: boolean;
  readonly runId: Hash;
  readonly trainer: string;
}

interface RunVerifierParts {
  readonly sampling: Sampling;
  readonly eye: Eye;
  readonly lanes: Lanes;
  /** From where on rounds may still be convicted. */
  readonly outlook: Outlook;
}

/** Rounds that are tried at once, less those that wait for content or for answers on chain. */
const AT_ONCE = 16;

/** Checks the rounds of all runs and convicts the wrong ones. What it does next follows from the chain alone. */
export class RunVerifier {
  readonly #desk: Desk;
  readonly #sampling: Sampling;
  readonly #eye: Eye;
  readonly #lanes: Lanes;
  readonly #pending: Worklist<Entry>;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #places = new Places(AT_ONCE);
  readonly #logs: LogsSince;

  constructor(desk: Desk, { sampling, eye, lanes, outlook }: RunVerifierParts) {
    this.#desk = desk;
    this.#sampling = sampling;
    this.#logs = new LogsSince(desk.essaim, () => filterOf(desk.essaim), outlook);
    this.#eye = eye;
    this.#lanes = lanes;
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
    const head = await this.#desk.essaim.provider.getBlock('latest');
    if (!head) return;
    await this.#read(head);
    for (const [key, entry] of this.#pending.due()) {
      if (signal?.aborted || !this.#places.isFree) return;
      if (this.#busy.has(key)) continue;
      const work = this.#places.hold((rest) => this.#work(key, entry, rest, signal));
      this.#busy.set(
        key,
        work.finally(() => this.#busy.delete(key)),
      );
    }
  }

  async #work(key: string, entry: Entry, rest: Rest, signal?: AbortSignal): Promise<void> {
    const { runId, isAggregation, transaction, trainer } = entry;
    const { essaim, say } = this.#desk;
    let told: ReturnType<typeof toldOf> | undefined;
    try {
      const { batches } = await essaim.training.history(runId);
      const isIt = (made: SubmittedBatch) =>
        made.transaction === transaction &&
        (made.kind === 'aggregation') === isAggregation &&
        made.batch.trainer === trainer;
      const submitted = batches.find(isIt);
      if (submitted) {
        told = toldOf(runId, submitted, await essaim.contracts.TrainingRegistry.getAddress());
        await this.#check(runId, submitted, told, rest, signal);
      }
      this.#pending.delete(key);
    } catch (error) {
      if (signal?.aborted) return;
      if (told && error instanceof Forgone) {
        say({ event: 'forgone', ...told, deed: error.deed.kind, why: error.deed.why });
        this.#pending.delete(key);
        return;
      }
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
    told: ReturnType<typeof toldOf>,
    rest: Rest,
    signal?: AbortSignal,
  ): Promise<void> {
    const { say } = this.#desk;
    if (!(await this.#isPending(runId, submitted, told, signal))) return;
    const { all, steps: sampled } = this.#sampling;
    const { due, met } = await this.#eye.meetRound(runId, submitted, all ? submitted.batch.count : sampled);
    if (!this.#eye.isChosen(met, told, say)) return;
    const desk = { ...this.#desk, trace: this.#lanes.at(due.end), rest };
    const round = await openRound(desk, runId, submitted, signal);
    try {
      const shown = await stepsOf(desk, round, signal);
      const trial = submitted.kind === 'score' ? tryScore : tryRound;
      const { charge, steps } = await trial(desk, round, shown, this.#sampling, signal);
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
    told: ReturnType<typeof toldOf>,
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
    if (challenger !== (await essaim.signer?.getAddress())) {
      say({ event: 'lost', ...told, challenger });
      return false;
    }
    const { terms } = await findRun({ ...essaim, startBlock: essaim.deployment.startBlock }, runId);
    const taken = await collect(this.#desk, roundDocket(this.#desk, runId, terms, submitted, registry), signal);
    say({ event: 'collected', ...told, ...taken });
    return false;
  }

  async #read(head: Block): Promise<void> {
    const { TrainingRegistry } = this.#desk.essaim.contracts;
    const aggregated = TrainingRegistry.getEvent('Aggregated').fragment.topicHash;
    for (const { topics, transactionHash: transaction } of await this.#logs.read(head)) {
      const [event, runId, account] = topics;
      const isAggregation = event === aggregated;
      const trainer = getAddress(dataSlice(account, 12));
      this.#pending.add(`${transaction} ${trainer} ${isAggregation}`, { runId, isAggregation, transaction, trainer });
    }
  }
}

async function filterOf({ contracts: { TrainingRegistry } }: Essaim): Promise<Omit<LogFilter, 'fromBlock'>> {
  const events = [TrainingRegistry.getEvent('Submitted'), TrainingRegistry.getEvent('Aggregated')];
  return { address: await TrainingRegistry.getAddress(), topics: [events.map(({ fragment }) => fragment.topicHash)] };
}
