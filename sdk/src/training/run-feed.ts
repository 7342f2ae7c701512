import {
  placeOf as batchPlace,
  type Contribution,
  contributionsDigest,
  decodeRunTerms,
  EssaimError,
  type Hash,
  type RunBatch,
  type RunTerms,
  runIdOf,
  ZERO_HASH,
} from '@essaim/protocol';
import { type Interface, isHexString, type Log, type LogDescription, type Result } from 'ethers';
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

/** Blocks that are read again each time: a node that is behind leaves their logs out, and does not say so. */
const DEPTH = 16;

/** Follows one run: its history up to the newest block, read on from where the last look ended. */
export class RunFeed {
  readonly #context: Pick<TrainingContext, 'contracts' | 'provider'>;
  readonly #runId: Hash;
  readonly #terms: RunTerms;
  readonly #from: number;
  #history: RunHistory;
  #next: number;
  /** Taken in, of the last `DEPTH` blocks. */
  readonly #seen = new Map<string, number>();
  #last: string | null = null;
  #reading: Promise<unknown> = Promise.resolve();

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

  /**
   * The run's history now. Where the chain replaced a block that was read, or a log of one was left out, everything is
   * read again.
   */
  read(): Promise<RunHistory> {
    // one at a time, or an event would be taken in twice
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  async #read(): Promise<RunHistory> {
    const { provider, contracts } = this.#context;
    if (this.#last) {
      const mark = await provider.getBlock(this.#next - 1);
      // of a node that is behind: nothing was replaced
      if (!mark) return this.#history;
      if (mark.hash !== this.#last) this.#forget();
    }
    const head = await provider.getBlock('latest');
    const to = head?.number ?? 0;
    if (!head || to < this.#next) return this.#history;
    let fresh = await this.#unseen(to);
    if (fresh.some(({ blockNumber }) => blockNumber < this.#next)) {
      this.#forget();
      fresh = await this.#unseen(to);
    }
    const events: RunEvent[] = [];
    for (const log of fresh) {
      const parsed = contracts.TrainingRegistry.interface.parseLog(log);
      const event = parsed && (await this.#eventOf(parsed, log.transactionHash));
      if (event) events.push(event);
    }
    for (const event of events) this.#history.apply(event);
    for (const log of fresh) this.#seen.set(keyOf(log), log.blockNumber);
    this.#next = to + 1;
    this.#last = head.hash;
    for (const [key, block] of this.#seen) if (block < this.#next - DEPTH) this.#seen.delete(key);
    return this.#history;
  }

  /** What is to be taken in up to a block, oldest first. */
  async #unseen(to: number): Promise<Log[]> {
    const { provider, contracts } = this.#context;
    const address = await contracts.TrainingRegistry.getAddress();
    const fromBlock = Math.max(this.#from, this.#next - DEPTH);
    const found: Log[] = [];
    for await (const log of pastLogs(provider, { address, topics: [null, this.#runId], fromBlock }, to))
      if (!this.#seen.has(keyOf(log))) found.push(log);
    return found;
  }

  #forget(): void {
    this.#history = new RunHistory(this.#terms);
    this.#seen.clear();
    this.#next = this.#from;
    this.#last = null;
  }

  async #eventOf({ name, args }: LogDescription, transaction: string): Promise<RunEvent | undefined> {
    if (name === 'Submitted') return { name, submitted: batchOf(args, transaction, [], this.#own) };
    if (name === 'Aggregated') {
      const contributions = await this.#contributions(transaction);
      return { name: 'Submitted', submitted: batchOf(args, transaction, contributions, 'aggregation') };
    }
    if (name === 'Dropped') {
      const { trainer, round, turn } = args;
      const kind = await this.#droppedKind(transaction);
      return { name, kind, trainer, round: Number(round), turn: Number(turn) };
    }
    if (name === 'Settled') return { name, round: Number(args.round) };
    if (name === 'Repeated') return { name, round: Number(args.round), turn: Number(args.turn) };
    if (name === 'Closed') return { name, state: Number(args.state) };
    return undefined;
  }

  /** What the run's seats submit. */
  get #own(): 'steps' | 'score' {
    return this.#terms.scoreProgramId === ZERO_HASH ? 'steps' : 'score';
  }

  /** What an aggregation took in: it is in its calldata only. */
  async #contributions(transaction: string): Promise<Contribution[]> {
    const [, , , list] = await this.#call(transaction, 'aggregate', ([runId]) => runId === this.#runId);
    return [...list].map((entry) => ({
      ...{ seat: Number(entry.seat), count: Number(entry.count) },
      ...{ trainer: entry.trainer as string, checkpoint: entry.checkpoint as string },
    }));
  }

  /** A trainer may have submitted for its seat and an aggregation in one round: the calldata says which of them was dropped. */
  async #droppedKind(transaction: string): Promise<SubmittedBatch['kind']> {
    if (this.#terms.seats === 1) return 'steps';
    const [, batch] = await this.#call(transaction, 'drop', ([terms]) => terms.manifest === this.#terms.manifest);
    return batch.contributions === ZERO_HASH ? this.#own : 'aggregation';
  }

  /** Arguments of a call of the registry in a transaction, however deep a contract wrapped it. CHAIN_FAILED */
  async #call(transaction: string, name: 'aggregate' | 'drop', isIt: (args: Result) => boolean): Promise<Result> {
    const { provider, contracts } = this.#context;
    const face: Interface = contracts.TrainingRegistry.interface;
    const data = (await provider.getTransaction(transaction))?.data ?? '0x';
    const selector = face.getFunction(name)!.selector.slice(2);
    for (let at = data.indexOf(selector); at >= 0; at = data.indexOf(selector, at + 2)) {
      try {
        const args = face.decodeFunctionData(name, `0x${data.slice(at)}`);
        if (isIt(args)) return args;
      } catch {
        // the same four bytes by chance
      }
    }
    throw new EssaimError('CHAIN_FAILED', `the ${name} in ${transaction} cannot be read from the chain`, {
      help: 'use an endpoint that serves old transactions',
    });
  }
}

const keyOf = ({ blockHash, transactionHash, index }: Log): string => `${blockHash}/${transactionHash}/${index}`;

function batchOf(
  args: LogDescription['args'],
  transaction: string,
  contributions: readonly Contribution[],
  kind: SubmittedBatch['kind'],
) {
  const { place, trainer, checkpoint, receipt } = args;
  const batch: RunBatch = {
    ...batchPlace(place),
    ...{ trainer, checkpoint, contributions: contributionsDigest(contributions) },
  };
  return { kind, batch, contributions, receipt: receipt as string, transaction };
}
