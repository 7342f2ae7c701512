import type { Shape } from '../indexer/shape.ts';
import type { IdOf, ListKinds, OneKinds } from '../kinds.ts';
import type { Fact } from '../types/index.ts';
import { agentDetail, agents } from './agents.ts';
import { holdings } from './assets.ts';
import { audits } from './audits.ts';
import { batchDetail, batches, demands, faults } from './batches.ts';
import { datasets } from './datasets.ts';
import { jobs } from './jobs.ts';
import type { Asked, List } from './lists.ts';
import { models } from './models.ts';
import { numberId } from './numbers.ts';
import { proposalDetail, proposals } from './proposals.ts';
import { runDetail, runs } from './runs.ts';

/** How every list is asked for. */
export const lists: { [K in keyof ListKinds]: List<ListKinds[K][0], ListKinds[K][1]> } = {
  ...{ models, jobs, batches, datasets, runs, agents, proposals, audits, demands, faults, holdings },
};

/** How one thing is asked for. */
export interface OneAsked<T, Id> {
  readonly list: Asked;
  readonly shape: Shape<Fact<T>>;
  id(known: Id): string;
}

const same = (id: string) => id.toLowerCase();

export const ones: { [K in keyof OneKinds]: OneAsked<OneKinds[K], IdOf<K>> } = {
  model: { list: models, shape: models.shape, id: numberId },
  job: { list: jobs, shape: jobs.shape, id: same },
  batch: { list: batches, shape: batchDetail, id: same },
  dataset: { list: datasets, shape: datasets.shape, id: numberId },
  run: { list: runs, shape: runDetail, id: same },
  agent: { list: agents, shape: agentDetail, id: same },
  proposal: { list: proposals, shape: proposalDetail, id: numberId },
};
