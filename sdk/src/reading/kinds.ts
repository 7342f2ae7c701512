import type * as row from './types/index.ts';

/** What there are lists of: their rows, and what they can be asked by. */
export interface ListKinds {
  models: [row.ModelRow, row.ModelQuery];
  jobs: [row.JobRow, row.JobQuery];
  batches: [row.BatchRow, row.BatchQuery];
  datasets: [row.DatasetRow, row.DatasetQuery];
  runs: [row.RunRow, row.RunQuery];
  agents: [row.AgentRow, row.AgentQuery];
  proposals: [row.ProposalRow, row.ProposalQuery];
  audits: [row.AuditRow, row.AuditQuery];
  demands: [row.DemandRow, row.DemandQuery];
  faults: [row.FaultRow, row.FaultQuery];
  holdings: [row.HoldingRow, { holder: string }];
}

/** What can be asked for by itself, by its id or number. */
export interface OneKinds {
  model: row.ModelRow;
  job: row.JobRow;
  batch: row.BatchDetail;
  dataset: row.DatasetRow;
  run: row.RunDetail;
  agent: row.AgentDetail;
  proposal: row.ProposalDetail;
}

/** Numbers of assets and proposals are bigint, other ids hex. */
export type IdOf<K extends keyof OneKinds> = K extends 'model' | 'dataset' | 'proposal' ? bigint : string;
