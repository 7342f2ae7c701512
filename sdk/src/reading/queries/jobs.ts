import {
  account,
  address,
  amount,
  as,
  count,
  flag,
  hex,
  inner,
  map,
  milliMiel,
  nullable,
  object,
  oneOf,
} from '../indexer/shape.ts';
import type { Fact, JobQuery, JobRow } from '../types/index.ts';
import { type List, only } from './lists.ts';
import { numberId } from './numbers.ts';

const STATES = {
  Posted: 'posted',
  Accepted: 'accepted',
  Submitted: 'submitted',
  Released: 'released',
  Paid: 'paid',
  Unlocked: 'unlocked',
  Cancelled: 'cancelled',
  Refunded: 'refunded',
} as const;
const REASONS = { Late: 'late', Rejected: 'rejected', InputFault: 'input-fault' } as const;

const capital = (word: string) => word[0].toUpperCase() + word.slice(1);
/** Enum values of the subgraph for those of a query: one or several. */
export const states = (wanted: string | string[] | undefined): string[] | undefined =>
  wanted === undefined ? undefined : [wanted].flat().map(capital);

export const jobs: List<JobRow, JobQuery> = {
  entity: 'Job',
  one: 'job',
  many: 'jobs',
  order: 'postedAt',
  shape: object<Fact<JobRow>>({
    id: hex,
    state: oneOf<JobRow['state']>(STATES),
    requester: account,
    wanted: nullable(address),
    provider: nullable(account),
    token: address,
    model: inner('number', amount),
    program: inner('id', hex),
    count,
    deadline: count,
    fee: amount,
    royalty: amount,
    inputsRoot: hex,
    inputs: hex,
    collateral: amount,
    isSealed: flag,
    lock: nullable(milliMiel),
    exits: count,
    batch: nullable(inner('id', hex)),
    isRejected: as(
      'batch',
      map(nullable(inner('isRejected', flag)), (is) => is ?? false),
    ),
    receipt: nullable(hex),
    paid: nullable(amount),
    paidRoyalty: nullable(amount),
    refunded: nullable(amount),
    burned: nullable(amount),
    reason: nullable(oneOf<NonNullable<JobRow['reason']>>(REASONS)),
    postedAt: count,
    acceptedAt: nullable(count),
    submittedAt: nullable(count),
    endedAt: nullable(count),
    transaction: hex,
    block: count,
  }),
  where: ({ requester, provider, model, program, state }) =>
    only({
      requester: requester?.toLowerCase(),
      provider: provider?.toLowerCase(),
      model: model === undefined ? undefined : numberId(model),
      program: program?.toLowerCase(),
      state_in: states(state),
    }),
};
