import {
  address,
  amount,
  as,
  count,
  instant,
  list,
  map,
  nullable,
  object,
  oneOf,
  type Shape,
} from '../indexer/shape.ts';
import type { ActivityKind, ActivityPoint, FlowKind, FlowPoint, Overview } from '../types/index.ts';

type Sums = Required<Omit<Overview, 'activity' | 'flows'>>;

export const sums: Shape<Sums> = object<Sums>({
  jobs: count,
  batches: count,
  rejected: count,
  demands: count,
  audits: count,
  models: count,
  datasets: count,
  runs: count,
  proposals: count,
  miel: address,
  supply: amount,
  staked: amount,
  slashed: amount,
  burned: amount,
  emitted: amount,
  feesBurned: amount,
  // no event tells of the first
  epoch: map(count, (number) => Math.max(1, number)),
  guardian: nullable(address),
  pausedUntil: count,
});

const ACTIVITIES = [
  'Posted',
  'Accepted',
  'Submitted',
  'Paid',
  'Refunded',
  'Rejected',
  'Demanded',
  'Trained',
  'Voted',
  'Audited',
  'AuditMissed',
] as const satisfies ActivityKind[];
const FLOWS = [
  'Fee',
  'Royalty',
  'Refund',
  'Revenue',
  'Staked',
  'Unstaked',
  'Delegated',
  'Undelegated',
  'Slashed',
  'Burned',
  'Backed',
  'Emitted',
  'FeesBurned',
  'AuditPay',
] as const satisfies FlowKind[];
const same = <T extends string>(names: readonly T[]) =>
  oneOf(Object.fromEntries(names.map((it) => [it, it])) as Record<string, T>);

export const activity: Shape<ActivityPoint> = object<ActivityPoint>({
  time: as('timestamp', instant),
  kind: same<ActivityKind>(ACTIVITIES),
  count,
  total: count,
});

export const flow: Shape<FlowPoint> = object<FlowPoint>({
  time: as('timestamp', instant),
  kind: same<FlowKind>(FLOWS),
  token: address,
  count,
  amount,
  largest: amount,
  total: amount,
});

const series = (name: string, shape: Shape<unknown>) =>
  `${name}(interval: $interval, first: 1000, orderBy: timestamp, orderDirection: desc, where: { timestamp_gte: $from }, \
block: $block)${shape.select}`;

/** Sums, and what happened by `$interval` since `$from` (microseconds), as of `$block`. */
export const overviewDocument = `query($interval: Aggregation_interval!, $from: Timestamp!, $block: Block_height) { \
protocol(id: "0x00", block: $block)${sums.select} activity: ${series('activitySums', activity)} \
flows: ${series('flowSums', flow)} }`;

export const overview = object<{ protocol: Sums | null; activity: ActivityPoint[]; flows: FlowPoint[] }>({
  protocol: nullable(sums),
  activity: list(activity),
  flows: list(flow),
});
