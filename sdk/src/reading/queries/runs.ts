import {
  account,
  address,
  amount,
  as,
  count,
  decimal,
  flag,
  hex,
  inner,
  list,
  map,
  milliMiel,
  nullable,
  object,
  oneOf,
  type Shape,
} from '../indexer/shape.ts';
import { inOrderOfBackers } from '../states.ts';
import type {
  BackingRow,
  Fact,
  RoundRow,
  RunDetail,
  RunQuery,
  RunRow,
  SubmissionRow,
  TrainerRow,
  UpdateRow,
} from '../types/index.ts';
import { states } from './jobs.ts';
import { type List, only } from './lists.ts';
import { numberId } from './numbers.ts';

const STATES = {
  Funding: 'funding',
  Funded: 'funded',
  Running: 'running',
  Stopped: 'stopped',
  Completed: 'completed',
  Ended: 'ended',
  Void: 'void',
} as const;

const number = inner('number', amount);

const row: { [K in keyof Required<Fact<RunRow>>]: Shape<Fact<RunRow>[K]> } = {
  id: hex,
  state: oneOf<RunRow['state']>(STATES),
  initiator: account,
  token: address,
  program: inner('id', hex),
  aggregationProgram: hex,
  scoreProgram: map(hex, (id) => (BigInt(id) === 0n ? null : id)),
  baseModel: nullable(number),
  dataset: number,
  version: count,
  checkpoint: hex,
  rows: amount,
  batchRows: count,
  steps: count,
  rounds: as('roundCount', count),
  seats: as('seatCount', count),
  depth: count,
  feePerStep: amount,
  aggregationFee: amount,
  fundingDeadline: count,
  roundSeconds: count,
  deadline: count,
  collateral: milliMiel,
  backersShare: count,
  trainersShare: count,
  initiatorShare: count,
  manifest: hex,
  backed: amount,
  settled: count,
  model: nullable(number),
  createdAt: count,
  closedAt: nullable(count),
};

export const runs: List<RunRow, RunQuery> = {
  entity: 'Run',
  one: 'run',
  many: 'runs',
  order: 'createdAt',
  shape: object<Fact<RunRow>>(row),
  where: ({ initiator, dataset, state }) =>
    only({
      initiator: initiator?.toLowerCase(),
      dataset: dataset === undefined ? undefined : numberId(dataset),
      state_in: states(state),
    }),
};

const backing = object<BackingRow>({ backer: account, amount, refunded: amount, compensated: amount });

const trainer = map(
  object<TrainerRow>({
    trainer: account,
    seat: nullable(count),
    submissions: count,
    earned: amount,
    compensation: amount,
    sharesClaimed: amount,
    burned: amount,
    joinedAt: count,
    leftAt: nullable(count),
  }),
  (it) => (it.leftAt === null ? it : { ...it, seat: null }),
);

const update = object<UpdateRow>({
  seat: count,
  trainer: nullable(account),
  before: nullable(decimal),
  after: nullable(decimal),
  gain: nullable(amount),
  missed: nullable(oneOf<NonNullable<UpdateRow['missed']>>({ Late: 'late', Excused: 'excused' })),
  time: count,
});

const round = object<RoundRow>({
  turn: count,
  round: as('number', nullable(count)),
  isRepeated: flag,
  before: nullable(decimal),
  after: nullable(decimal),
  updates: as('updates(first: 1000, orderBy: seat)', list(update)),
});

const submission = object<SubmissionRow>({
  trainer: account,
  isAggregation: flag,
  round: as('number', count),
  turn: count,
  seat: count,
  count,
  checkpoint: hex,
  receipt: hex,
  batch: nullable(inner('id', hex)),
  isRejected: as(
    'batch',
    map(nullable(inner('isRejected', flag)), (is) => is ?? false),
  ),
  time: count,
  transaction: hex,
});

export const runDetail = object<Fact<RunDetail>>({
  ...row,
  backings: as('backings(first: 1000)', map(list(backing), inOrderOfBackers)),
  trainers: as('seats(first: 1000, orderBy: joinedAt)', list(trainer)),
  history: as('rounds(first: 1000, orderBy: turn)', list(round)),
  submissions: as('submissions(first: 1000, orderBy: time)', list(submission)),
});
