import {
  account,
  address,
  amount,
  as,
  count,
  flag,
  hex,
  inner,
  list,
  milliMiel,
  nullable,
  object,
  oneOf,
  type Shape,
} from '../indexer/shape.ts';
import type {
  BatchDetail,
  BatchQuery,
  BatchRow,
  DemandQuery,
  DemandRow,
  Fact,
  FaultQuery,
  FaultRow,
  ShownSegmentRow,
} from '../types/index.ts';
import { audits } from './audits.ts';
import { states } from './jobs.ts';
import { type List, only } from './lists.ts';

export const faults: List<FaultRow, FaultQuery> = {
  entity: 'Fault',
  one: 'fault',
  many: 'faults',
  order: 'time',
  shape: object<Fact<FaultRow>>({
    id: hex,
    batch: inner('id', hex),
    leaf: count,
    kind: oneOf<FaultRow['kind']>({ Element: 'element', Form: 'form' }),
    operator: nullable(count),
    output: nullable(count),
    element: nullable(count),
    opcode: nullable(hex),
    claimed: nullable(amount),
    reason: nullable(hex),
    value: nullable(amount),
    time: count,
    transaction: hex,
  }),
  where: ({ batch }) => only({ batch: batch?.toLowerCase() }),
};

const KINDS = [
  'Inputs',
  'Weights',
  'Values',
  'Operators',
  'Input',
  'Weight',
  'Value',
  'Operator',
  'Output',
  'Segment',
  'Inner',
] as const;

export const demands: List<DemandRow, DemandQuery> = {
  entity: 'Demand',
  one: 'demand',
  many: 'demands',
  order: 'askedAt',
  shape: object<Fact<DemandRow>>({
    id: hex,
    batch: inner('id', hex),
    demander: account,
    state: oneOf<DemandRow['state']>({ Open: 'open', Answered: 'answered', Expired: 'expired', Settled: 'settled' }),
    leaf: count,
    kind: oneOf(Object.fromEntries(KINDS.map((kind) => [kind, kind])) as Record<string, DemandRow['kind']>),
    index: amount,
    first: amount,
    count: amount,
    bond: amount,
    fee: amount,
    endsAt: count,
    endsAtBlock: count,
    extensions: count,
    answerer: nullable(account),
    answer: nullable(hex),
    askedAt: count,
    answeredAt: nullable(count),
  }),
  where: ({ batch, demander, state }) =>
    only({ batch: batch?.toLowerCase(), demander: demander?.toLowerCase(), state_in: states(state) }),
};

type Told = Omit<BatchRow, 'certainty' | 'state'>;
const row: { [K in keyof Required<Told>]: Shape<Told[K]> } = {
  id: hex,
  client: address,
  executor: account,
  subject: hex,
  root: hex,
  count,
  lock: milliMiel,
  epoch: count,
  job: nullable(inner('id', hex)),
  run: as('submission', nullable(inner('run', inner('id', hex)))),
  isRejected: flag,
  challenger: nullable(account),
  adjudicator: nullable(address),
  rejectedLeaf: nullable(count),
  rejectedAt: nullable(count),
  voids: list(count),
  openDemands: count,
  submittedAt: count,
  block: count,
  transaction: hex,
};

export const batches: List<BatchRow, BatchQuery> = {
  entity: 'Batch',
  one: 'batch',
  many: 'batches',
  order: 'submittedAt',
  missing: ['state'],
  shape: object<Told>(row),
  where: ({ executor, client, isRejected }) =>
    only({ executor: executor?.toLowerCase(), client: client?.toLowerCase(), isRejected }),
};

const segment = object<ShownSegmentRow>({ leaf: count, segment: count, root: hex, time: count });

export const batchDetail = object<Omit<BatchDetail, 'certainty' | 'state'>>({
  ...row,
  penalty: nullable(
    object<NonNullable<BatchDetail['penalty']>>({
      amount: milliMiel,
      bounty: milliMiel,
      compensation: milliMiel,
      time: count,
    }),
  ),
  faults: as('faults(first: 100, orderBy: time)', list(faults.shape)),
  demands: as('demands(first: 1000, orderBy: askedAt)', list(demands.shape)),
  segments: as('segments(first: 1000, orderBy: time)', list(segment)),
  audits: as('audits(first: 1000, orderBy: submittedAt)', list(audits.shape)),
});
