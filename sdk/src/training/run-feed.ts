import { decodeRunTerms, EssaimError, type Hash, type RunTerms, runIdOf } from '@essaim/protocol';
import { isHexString, type LogDescription } from 'ethers';
import { newestLog, pastLogs } from '../chain/logs.ts';
import type { TrainingContext } from './context.ts';
import { type RunEvent, RunHistory, type SubmittedBatch } from './history.ts';

/** The terms of a run from its event. RUN_UNKNOWN if there is none from the deployment's first block on. */
export async function findRun(
  { contracts, provider, startBlock }: Pick<TrainingContext, 'contracts' | 'provider' | 'startBlock'>,
  runId: Hash,
): Promise<{ terms: RunTerms; blockNumber: number }> {
  const { TrainingRegistry } = contracts;
  if (!isHexString(runId, 32)) throw unknown(runId);
  const topics = [TrainingRegistry.getEvent('Created').fragment.topicHash, runId];
  const log = await newestLog(provider, {
    address: await TrainingRegistry.getAddress(),
    topics,
    fromBlock: startBlock,
  });
  const event = log && TrainingRegistry.interface.parseLog(log);
  if (!event) throw unknown(runId);
  const terms = decodeRunTerms(event.args.terms);
  if (runIdOf(terms) !== runId) throw unknown(runId);
  return { terms, blockNumber: log.blockNumber };
}

const unknown = (runId: string) =>
  new EssaimError('RUN_UNKNOWN', `no run ${runId} was created here`, { help: 'check the id and the chain' });

/** Follows one run: its history up to the newest block, read on from where the last look ended. */
export class RunFeed {
  readonly #context: Pick<TrainingContext, 'contracts' | 'provider'>;
  readonly #runId: Hash;
  readonly #terms: RunTerms;
  readonly #from: number;
  #history: RunHistory;
  #next: number;
  #last: string | null = null;

  constructor(
    context: Pick<TrainingContext, 'contracts' | 'provider'>,
    runId: Hash,
    { terms, blockNumber }: { terms: RunTerms; blockNumber: number },
  ) {
    this.#context = context;
    this.#runId = runId;
    this.#terms = terms;
    this.#history = new RunHistory(terms);
    this.#from = blockNumber;
    this.#next = blockNumber;
  }

  /** The run's history now. Where the chain replaced a block that was read, everything is read again. */
  async read(): Promise<RunHistory> {
    const { provider, contracts } = this.#context;
    if (this.#last && (await provider.getBlock(this.#next - 1))?.hash !== this.#last) {
      this.#history = new RunHistory(this.#terms);
      this.#next = this.#from;
      this.#last = null;
    }
    const head = await provider.getBlock('latest');
    const to = head?.number ?? 0;
    if (!head || to < this.#next) return this.#history;
    const address = await contracts.TrainingRegistry.getAddress();
    const events: RunEvent[] = [];
    for await (const log of pastLogs(
      provider,
      { address, topics: [null, this.#runId], fromBlock: this.#next },
      to,
    )) {
      const parsed = contracts.TrainingRegistry.interface.parseLog(log);
      const event = parsed && eventOf(parsed, log.transactionHash);
      if (event) events.push(event);
    }
    for (const event of events) this.#history.apply(event);
    this.#next = to + 1;
    this.#last = head.hash;
    return this.#history;
  }
}

function eventOf({ name, args }: LogDescription, transaction: string): RunEvent | undefined {
  if (name === 'Submitted' || name === 'Aggregated') return { name: 'Submitted', submitted: batchOf(args, transaction) };
  if (name === 'Dropped') {
    return { name, trainer: args.trainer, round: Number(args.round), turn: Number(args.turn) };
  }
  if (name === 'Settled') return { name, round: Number(args.round) };
  if (name === 'Closed') return { name, state: Number(args.state) };
  return undefined;
}

function batchOf(args: LogDescription['args'], transaction: string): SubmittedBatch {
  const { round, turn, seat, trainer, count, parent, checkpoint, contributions } = args.batch;
  const list = [...(args.contributions ?? [])].map((entry) => ({
    seat: Number(entry.seat),
    count: Number(entry.count),
    trainer: entry.trainer as string,
    checkpoint: entry.checkpoint as string,
  }));
  return {
    kind: args.contributions ? 'aggregation' : 'steps',
    batch: {
      round: Number(round),
      turn: Number(turn),
      seat: Number(seat),
      trainer,
      count: Number(count),
      parent,
      checkpoint,
      contributions,
    },
    contributions: list,
    receipt: args.receipt,
    transaction,
  };
}
