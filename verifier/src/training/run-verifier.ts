import { type Hash, runBatchId } from '@essaim/protocol';
import { ClaimState, type Essaim, findRun, type LogFilter, type SubmittedBatch } from '@essaim/sdk';
import {
  atOneBlock,
  batchState,
  behind,
  describeFailure,
  type Failure,
  isPassing,
  Worklist,
  watch,
} from '@essaim/sdk/node';
import { type Block, dataSlice, getAddress } from 'ethers';
import type { Agenda } from '../agenda.ts';
import type { Desk } from '../case.ts';
import { collect, convict } from '../convict.ts';
import { Unanswered } from '../demand.ts';
import type { Outlook } from '../horizon.ts';
import type { Lanes } from '../lanes.ts';
import { LogsSince } from '../logs-since.ts';
import { Places, type Rest } from '../places.ts';
import type { Eye } from '../policy/eye.ts';
import type { Known } from '../policy/meet.ts';
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
  /** Where it was told. */
  readonly block: number;
}

interface RunVerifierParts {
  readonly sampling: Sampling;
  readonly eye: Eye;
  readonly lanes: Lanes;
  /** From where on rounds may still be convicted. */
  readonly outlook: Outlook;
  readonly agenda: Agenda;
}

/** Rounds that are tried at once, less those that wait for content or for answers on chain. */
const AT_ONCE = 16;
/** Blocks for which the history of a run, of another endpoint, may lack what was submitted. */
const LAG = 16;

/** Checks the rounds of all runs and convicts the wrong ones. What it does next follows from the chain alone. */
export class RunVerifier {
  readonly #desk: Desk;
  readonly #parts: RunVerifierParts;
  /** Read from the chain, and not met yet. */
  readonly #arrived: Worklist<Entry>;
  readonly #places = new Places(AT_ONCE);
  readonly #logs: LogsSince;

  constructor(desk: Desk, parts: RunVerifierParts) {
    this.#desk = desk;
    this.#parts = parts;
    this.#logs = new LogsSince(desk.essaim, () => filterOf(desk.essaim), parts.outlook);
    this.#arrived = new Worklist(desk.essaim.pollingInterval);
  }

  /** Works until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#desk;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** Reads new rounds and puts them on the agenda. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const head = await this.#desk.essaim.provider.getBlock('latest');
    if (!head) return;
    await this.#read(head);
    const due = this.#arrived.due();
    const { eye, outlook } = this.#parts;
    if (due.length > 0) await eye.read(head.number, (await outlook(head)).since);
    for (const [key, entry] of due) {
      if (signal?.aborted) return;
      try {
        await this.#meet(entry);
        this.#arrived.delete(key);
      } catch (error) {
        this.#desk.say({ event: 'chain', ...describeFailure(error) });
        if (isPassing(error)) this.#arrived.postpone(key);
        else this.#arrived.delete(key);
      }
    }
  }

  async #meet({ runId, isAggregation, transaction, trainer, block }: Entry): Promise<void> {
    const { essaim } = this.#desk;
    const [head, { batches }] = await atOneBlock(essaim.provider, () =>
      Promise.all([essaim.provider.getBlockNumber(), essaim.training.history(runId)]),
    );
    const submitted = batches.find(
      (made) =>
        made.transaction === transaction &&
        (made.kind === 'aggregation') === isAggregation &&
        made.batch.trainer === trainer,
    );
    if (!submitted) {
      if (head < block + LAG) throw behind(`what ${trainer} submitted to run ${runId}`);
      return;
    }
    const told = toldOf(runId, submitted, await essaim.contracts.TrainingRegistry.getAddress());
    const { all, steps: sampled } = this.#parts.sampling;
    const known = await this.#parts.eye.meetRound(runId, submitted, all ? submitted.batch.count : sampled);
    const work = (rest: Rest, signal?: AbortSignal) => this.#check(runId, submitted, { told, known }, rest, signal);
    this.#parts.agenda.add(told.batchId, { told, places: this.#places, work }, known.due);
  }

  async #check(
    runId: Hash,
    submitted: SubmittedBatch,
    { told, known: { due, met } }: { told: ReturnType<typeof toldOf>; known: Known },
    rest: Rest,
    signal?: AbortSignal,
  ): Promise<void> {
    const { say } = this.#desk;
    const { eye, lanes, sampling } = this.#parts;
    if (!(await this.#isPending(runId, submitted, told, signal))) return;
    if (!eye.isChosen(met, told, say)) return;
    const desk = { ...this.#desk, trace: lanes.at(due.end), rest };
    const round = await openRound(desk, runId, submitted, signal);
    try {
      const shown = await stepsOf(desk, round, signal);
      const trial = submitted.kind === 'score' ? tryScore : tryRound;
      const { charge, steps } = await trial(desk, round, shown, sampling, signal);
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
    const [state, { challenger }] = await atOneBlock(essaim.provider, () =>
      Promise.all([batchState(essaim.contracts, batchId), Claims.conviction(batchId)]),
    );
    if (state === ClaimState.Pending) return true;
    if (state !== ClaimState.Rejected) {
      say({ event: 'over', ...told });
      return false;
    }
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
    for (const { topics, transactionHash: transaction, blockNumber: block } of await this.#logs.read(head)) {
      const [event, runId, account] = topics;
      const isAggregation = event === aggregated;
      const trainer = getAddress(dataSlice(account, 12));
      const entry = { runId, isAggregation, transaction, trainer, block };
      this.#arrived.add(`${transaction} ${trainer} ${isAggregation}`, entry);
    }
  }
}

async function filterOf({ contracts: { TrainingRegistry } }: Essaim): Promise<Omit<LogFilter, 'fromBlock'>> {
  const events = [TrainingRegistry.getEvent('Submitted'), TrainingRegistry.getEvent('Aggregated')];
  return { address: await TrainingRegistry.getAddress(), topics: [events.map(({ fragment }) => fragment.topicHash)] };
}
