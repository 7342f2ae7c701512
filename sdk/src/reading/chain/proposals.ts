import { titleOf } from '../../governance/description.ts';
import { PROPOSAL_STATES } from '../../governance/proposals.ts';
import type { BallotRow, Fact, ProposalDetail, ProposalRow } from '../types/index.ts';
import { type ChainList, type Dated, isOne, isSame } from './list.ts';
import { steadily } from './steady.ts';
import { by, type Event, newest, type View } from './view.ts';

const LATER = [
  'ProposalQueued',
  'ProposalExecuted',
  'ProposalCanceled',
  'ProposalExtended',
  'VoteCast',
  'VoteCastWithParams',
];
const SUPPORT = ['against', 'for', 'abstain'] as const;
const STAGES: Record<string, ProposalRow['stage']> = {
  ProposalQueued: 'queued',
  ProposalExecuted: 'executed',
  ProposalCanceled: 'cancelled',
};

/** Proposals with their votes, out of their events. */
export async function proposalRows(view: View, born: readonly Event[]): Promise<Dated<ProposalDetail>[]> {
  const from = Math.min(...born.map(({ block }) => block));
  const later = await view.events('EssaimGovernor', LATER, [], from);
  const time = await view.times([...born, ...later]);
  const ofProposal = by(later, 'proposalId');
  return Promise.all(
    born.map(async (created) => {
      const { proposalId: id } = created.args;
      const events = ofProposal(id);
      const fact = begun(created, time(created));
      for (const event of events) happen(fact, event, time(event));
      fact.ballots.reverse();
      const state = await steadily('asking for a proposal', () => view.contracts.EssaimGovernor.state(id, view.at));
      fact.state = PROPOSAL_STATES[Number(state)];
      return { fact, newest: newest([created], events) };
    }),
  );
}

function begun({ args, transaction }: Event, createdAt: number): Fact<ProposalDetail> {
  const targets: string[] = [...args.targets];
  const values: bigint[] = [...args.getValue('values')];
  return {
    id: args.proposalId,
    proposer: args.proposer,
    stage: 'open',
    actions: targets.map((target, i) => ({ target, value: values[i], data: args.calldatas[i] })),
    title: titleOf(args.description),
    description: args.description,
    voteStart: Number(args.voteStart),
    voteEnd: Number(args.voteEnd),
    eta: null,
    votes: { for: 0n, against: 0n, abstain: 0n },
    createdAt,
    transaction,
    ballots: [],
  };
}

function happen(proposal: Fact<ProposalDetail>, { name, args }: Event, time: number): void {
  if (name.startsWith('VoteCast')) {
    const { voter, weight, reason } = args;
    const support: BallotRow['support'] = SUPPORT[Number(args.support)];
    proposal.votes[support] += weight;
    proposal.ballots.push({ voter, support, weight, reason, time });
  } else if (name === 'ProposalExtended') proposal.voteEnd = Number(args.extendedDeadline);
  else {
    proposal.stage = STAGES[name];
    if (name === 'ProposalQueued') proposal.eta = Number(args.etaSeconds);
  }
}

export const proposals: ChainList<'proposals'> = {
  missing: [],
  contract: () => ({ contract: 'EssaimGovernor', names: ['ProposalCreated'], args: [] }),
  async rows(view, born): Promise<Dated<ProposalRow>[]> {
    const rows = await proposalRows(view, born);
    return rows.map(({ fact: { ballots: _, ...fact }, newest }) => ({ fact, newest }));
  },
  matches: (row, { proposer, stage }) => isSame(row.proposer, proposer) && isOne(row.stage, stage),
};
