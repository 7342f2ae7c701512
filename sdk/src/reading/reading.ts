import type * as row from './types/index.ts';

/**
 * What the network tells, from an indexer where a healthy one is there and from the chain alone else. Every answer says
 * where it comes from, as of which block, and which fields that source cannot tell. What the chain alone cannot answer at
 * all throws INDEXER_NEEDED.
 */
export interface Reading {
  /** Which source answers now, how far behind it is, and why it is not the indexer. */
  source(signal?: AbortSignal): Promise<row.SourceState>;
  /** Counts and sums of the whole network, and what happened by hour or day. */
  overview(query?: row.OverviewQuery): Promise<row.Answer<row.Overview>>;

  models(query?: row.ModelQuery): row.Rows<row.ModelRow>;
  jobs(query?: row.JobQuery): row.Rows<row.JobRow>;
  batches(query?: row.BatchQuery): row.Rows<row.BatchRow>;
  datasets(query?: row.DatasetQuery): row.Rows<row.DatasetRow>;
  runs(query?: row.RunQuery): row.Rows<row.RunRow>;
  agents(query?: row.AgentQuery): row.Rows<row.AgentRow>;
  proposals(query?: row.ProposalQuery): row.Rows<row.ProposalRow>;
  audits(query?: row.AuditQuery): row.Rows<row.AuditRow>;
  demands(query?: row.DemandQuery): row.Rows<row.DemandRow>;
  faults(query?: row.FaultQuery): row.Rows<row.FaultRow>;
  /** Shares of models and data sets that an account holds. */
  holdings(account: string): row.Rows<row.HoldingRow>;

  /**
   * One model; undefined: there is none of that number. What a person may act upon (price, owner) is compared with the
   * contract: INDEXER_DISAGREES where the indexer says otherwise of the same block. So it is for all that follow.
   */
  model(id: bigint): Promise<row.Answer<row.ModelRow | undefined>>;
  job(id: string): Promise<row.Answer<row.JobRow | undefined>>;
  batch(id: string): Promise<row.Answer<row.BatchDetail | undefined>>;
  dataset(id: bigint): Promise<row.Answer<row.DatasetRow | undefined>>;
  run(id: string): Promise<row.Answer<row.RunDetail | undefined>>;
  agent(address: string): Promise<row.Answer<row.AgentDetail | undefined>>;
  proposal(id: bigint): Promise<row.Answer<row.ProposalDetail | undefined>>;
  /** All parameters, in the order of the contract. */
  parameters(): Promise<row.Answer<row.ParameterRow[]>>;

  /**
   * Asks again and again, and tells when the answer changes, when trouble begins or ends, and when the chain took back
   * what was told. Never throws; ends when `signal` is aborted.
   */
  watch<T>(ask: () => Promise<row.Answer<T>>, options?: WatchOptions): AsyncIterable<row.Watched<T>>;
}

export interface WatchOptions {
  signal?: AbortSignal;
  /** Milliseconds between two looks while all is well. Default 4,000. */
  interval?: number;
}
