import type { ListKinds } from '../kinds.ts';
import { audits } from './audits.ts';
import { batches } from './batches.ts';
import { datasets } from './datasets.ts';
import { demands } from './demands.ts';
import { jobs } from './jobs.ts';
import type { ChainList } from './list.ts';
import { models } from './models.ts';
import { proposals } from './proposals.ts';
import { runs } from './runs.ts';

/** Lists whose rows each begin with an event. */
export type Born = Exclude<keyof ListKinds, 'agents' | 'holdings' | 'faults'>;

export const chainLists: { [K in Born]: ChainList<K> } = {
  ...{ audits, batches, datasets, demands, jobs, models, proposals, runs },
};
