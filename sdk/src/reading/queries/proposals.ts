import { titleOf } from '../../governance/description.ts';
import {
  account,
  address,
  amount,
  as,
  count,
  hex,
  list,
  map,
  nullable,
  object,
  oneOf,
  type Shape,
  text,
} from '../indexer/shape.ts';
import type { BallotRow, ProposalDetail, ProposalQuery, ProposalRow } from '../types/index.ts';
import { type List, only } from './lists.ts';

const STAGES = { Open: 'open', Queued: 'queued', Executed: 'executed', Canceled: 'cancelled' } as const;
const STATE_OF = { open: 'Open', queued: 'Queued', executed: 'Executed', cancelled: 'Canceled' } as const;

type Plain = Omit<Told, 'title' | 'actions' | 'votes'> & {
  targets: string[];
  values: bigint[];
  calldatas: string[];
  for: bigint;
  against: bigint;
  abstain: bigint;
};
type Told = Omit<ProposalRow, 'certainty' | 'state'>;

const plain: { [K in keyof Plain]: Shape<Plain[K]> } = {
  id: as('number', amount),
  proposer: account,
  stage: as('state', oneOf<ProposalRow['stage']>(STAGES)),
  targets: list(address),
  values: list(amount),
  calldatas: list(hex),
  description: text,
  voteStart: count,
  voteEnd: count,
  eta: nullable(count),
  for: amount,
  against: amount,
  abstain: amount,
  createdAt: count,
  transaction: hex,
};

const told = <T extends Plain>({ targets, values, calldatas, for: inFavour, against, abstain, ...rest }: T) => ({
  ...rest,
  title: titleOf(rest.description),
  actions: targets.map((target, i) => ({ target, value: values[i], data: calldatas[i] })),
  votes: { for: inFavour, against, abstain },
});

export const proposals: List<ProposalRow, ProposalQuery> = {
  entity: 'Proposal',
  one: 'proposal',
  many: 'proposals',
  order: 'createdAt',
  missing: ['state'],
  shape: map(object<Plain>(plain), told),
  where: ({ proposer, stage }) => only({ proposer: proposer?.toLowerCase(), state: stage && STATE_OF[stage] }),
};

const ballot = object<BallotRow>({
  voter: account,
  support: oneOf<BallotRow['support']>({ Against: 'against', For: 'for', Abstain: 'abstain' }),
  weight: amount,
  reason: text,
  time: count,
});

export const proposalDetail: Shape<Omit<ProposalDetail, 'certainty' | 'state'>> = map(
  object<Plain & { ballots: BallotRow[] }>({
    ...plain,
    ballots: as('votes(first: 1000, orderBy: time, orderDirection: desc)', list(ballot)),
  }),
  told,
);
