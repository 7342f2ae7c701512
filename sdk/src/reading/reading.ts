import { unlessAborted } from '../chain/wait.ts';
import { once } from '../part.ts';
import type { ReadingContext } from './context.ts';
import type { IdOf, ListKinds, OneKinds } from './kinds.ts';
import { rowsOf } from './rows.ts';
import type * as row from './types/index.ts';
import { type WatchOptions, watched } from './watch.ts';

/**
 * What the network tells, from an indexer where a healthy one is there and from the chain alone else. Every answer says
 * where it comes from, as of which block, and which fields that source cannot tell. What the chain alone cannot answer at
 * all throws INDEXER_NEEDED.
 *
 * @example
 * ```ts
 * const { source, missing } = await essaim.reading.overview();
 * console.log(source); // chain
 * console.log(missing.includes('flows')); // true
 * const prices = new Map<bigint, bigint>();
 * for await (const { id, price, certainty } of essaim.reading.models()) if (certainty === 'final') prices.set(id, price);
 * ```
 */
export class Reading {
  readonly #desk: () => Promise<import('./desk.ts').Desk>;

  /** `context` is made when it is first asked for. */
  constructor(context: () => ReadingContext) {
    this.#desk = once(async () => new (await import('./desk.ts')).Desk(context()));
  }

  /** Which source answers now, how far behind it is, and why it is not the indexer. CHAIN_FAILED, CHAIN_LIMITED */
  source(signal?: AbortSignal): Promise<row.SourceState> {
    return unlessAborted(
      this.#desk().then((desk) => desk.source()),
      signal,
    );
  }

  /** Counts and sums of the whole network, and what happened by hour or day. */
  async overview(query: row.OverviewQuery = {}): Promise<row.Answer<row.Overview>> {
    return (await this.#desk()).overview(query);
  }

  /** Registered models, newest first. */
  models(query: row.ModelQuery = {}): row.Rows<row.ModelRow> {
    return this.#rows('models', query);
  }

  /** Jobs of the market, newest first. */
  jobs(query: row.JobQuery = {}): row.Rows<row.JobRow> {
    return this.#rows('jobs', query);
  }

  /** Batches of claims, newest first. */
  batches(query: row.BatchQuery = {}): row.Rows<row.BatchRow> {
    return this.#rows('batches', query);
  }

  /** Registered data sets, newest first. */
  datasets(query: row.DatasetQuery = {}): row.Rows<row.DatasetRow> {
    return this.#rows('datasets', query);
  }

  /** Training runs, newest first. */
  runs(query: row.RunQuery = {}): row.Rows<row.RunRow> {
    return this.#rows('runs', query);
  }

  /** Accounts in a role, in no order that means anything. */
  agents(query: row.AgentQuery = {}): row.Rows<row.AgentRow> {
    return this.#rows('agents', query);
  }

  /** Proposals to the governor, newest first. */
  proposals(query: row.ProposalQuery = {}): row.Rows<row.ProposalRow> {
    return this.#rows('proposals', query);
  }

  /** Audits of claims, newest first. */
  audits(query: row.AuditQuery = {}): row.Rows<row.AuditRow> {
    return this.#rows('audits', query);
  }

  /** Demands for bytes, newest first. */
  demands(query: row.DemandQuery = {}): row.Rows<row.DemandRow> {
    return this.#rows('demands', query);
  }

  /** Proven faults, newest first. */
  faults(query: row.FaultQuery = {}): row.Rows<row.FaultRow> {
    return this.#rows('faults', query);
  }

  /** Shares of models and data sets that an account holds. */
  holdings(holder: string): row.Rows<row.HoldingRow> {
    return this.#rows('holdings', { holder });
  }

  /**
   * One model; undefined: there is none of that number. What a person may act upon (owner, price) is compared with the
   * contracts at the same block: an indexer that says otherwise is left alone for a while ({@link source} says
   * INDEXER_DISAGREES) and the chain answers. So it is for all that follow.
   */
  model(id: bigint): Promise<row.Answer<row.ModelRow | undefined>> {
    return this.#one('model', id);
  }

  /** One job; its state and provider are compared. */
  job(id: string): Promise<row.Answer<row.JobRow | undefined>> {
    return this.#one('job', id);
  }

  /** One batch with all that was said against it; that it is final is asked of the chain. */
  batch(id: string): Promise<row.Answer<row.BatchDetail | undefined>> {
    return this.#one('batch', id);
  }

  /** One data set; its owner, price and versions are compared. */
  dataset(id: bigint): Promise<row.Answer<row.DatasetRow | undefined>> {
    return this.#one('dataset', id);
  }

  /** One run with its rounds, trainers and backers; its state is compared. */
  run(id: string): Promise<row.Answer<row.RunDetail | undefined>> {
    return this.#one('run', id);
  }

  /** One account with its stake and record; its balances are compared. */
  agent(address: string): Promise<row.Answer<row.AgentDetail | undefined>> {
    return this.#one('agent', address);
  }

  /** One proposal with its votes; they are compared, and its state is asked of the governor. */
  proposal(id: bigint): Promise<row.Answer<row.ProposalDetail | undefined>> {
    return this.#one('proposal', id);
  }

  /** All parameters, in the order of the contract and from it, with their history. */
  async parameters(): Promise<row.Answer<row.ParameterRow[]>> {
    return (await this.#desk()).parameters();
  }

  /**
   * Asks again and again, and tells when the answer changes, when trouble begins or ends, and when the chain took back
   * what was told. Failures are told, not thrown; it ends when `signal` is aborted.
   */
  watch<T>(ask: () => Promise<row.Answer<T>>, options: WatchOptions = {}): AsyncIterable<row.Watched<T>> {
    return watched(ask, async (block) => (await this.#desk()).hashOf(block), options);
  }

  #rows<K extends keyof ListKinds>(kind: K, query: ListKinds[K][1]): row.Rows<ListKinds[K][0]> {
    return rowsOf(async (size, cursor) => (await this.#desk()).page(kind, query, size, cursor));
  }

  async #one<K extends keyof OneKinds>(kind: K, id: IdOf<K>): Promise<row.Answer<OneKinds[K] | undefined>> {
    return (await this.#desk()).one(kind, id);
  }
}
