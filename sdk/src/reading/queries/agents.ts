import { address, amount, as, count, inner, list, map, nullable, object, type Shape, text } from '../indexer/shape.ts';
import type { AgentDetail, AgentQuery, AgentRow, Fact, ProvisionRow } from '../types/index.ts';
import type { List } from './lists.ts';

const provision = object<ProvisionRow>({
  client: address,
  slasher: address,
  amount,
  thawing: amount,
  thawingUntil: count,
  slashed: amount,
  pool: nullable(object<NonNullable<ProvisionRow['pool']>>({ fees: address, cut: count, amount })),
});

const row: { [K in keyof Required<Fact<AgentRow>>]: Shape<Fact<AgentRow>[K]> } = {
  address: as('id', address),
  balance: amount,
  free: amount,
  unbonding: amount,
  unbondingUntil: count,
  credit: amount,
  delegate: nullable(address),
  stakeDelegate: nullable(address),
  votes: amount,
  stakeVotes: amount,
  posted: count,
  accepted: count,
  paid: count,
  late: count,
  convictions: count,
  challenges: count,
  slashed: amount,
  missed: count,
  auditSeat: nullable(inner('number', count)),
  identity: nullable(inner('number', amount)),
  provisions: as('provisions(first: 100)', list(provision)),
};

const ROLES: Record<NonNullable<AgentQuery['role']>, Record<string, unknown>> = {
  any: {},
  staker: { provisions_: { slashed_gte: '0' } },
  provider: { accepted_gt: 0 },
  requester: { posted_gt: 0 },
  trainer: { seats_: { seat_gte: 0 } },
  auditor: { auditSeat_not: null },
  challenger: { challenges_gt: 0 },
};

export const agents: List<AgentRow, AgentQuery> = {
  entity: 'Agent',
  one: 'agent',
  many: 'agents',
  order: 'id',
  shape: object<Fact<AgentRow>>(row),
  where: ({ role = 'staker' }) => ROLES[role],
};

type Identified = NonNullable<AgentDetail['record']> & { uri: string | null };
const identified = nullable(
  object<Identified>({
    paid: count,
    stood: count,
    late: count,
    rejected: count,
    voided: count,
    uri: nullable(text),
  }),
);

export const agentDetail: Shape<Fact<AgentDetail>> = map(
  object<Fact<AgentRow> & { known: Identified | null; earnings: { token: string; amount: bigint }[] }>({
    ...row,
    known: as('identity', identified),
    earnings: as('earnings(first: 100)', list(object<{ token: string; amount: bigint }>({ token: address, amount }))),
  }),
  ({ known, ...rest }) => {
    if (!known) return { ...rest, record: null, uri: null };
    const { uri, ...record } = known;
    return { ...rest, record, uri };
  },
);
