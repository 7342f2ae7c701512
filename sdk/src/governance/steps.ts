import { EssaimError } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { type HolderContext, reading } from './context.ts';
import { nextOf, type ProposalState, type ProposalView } from './proposals.ts';
import { showMiel, showTime } from './units.ts';

/** What can be done with a proposal besides voting on it. */
export type Step = 'queue' | 'execute' | 'cancel';

export const STEPS: Readonly<Record<Step, { from: readonly ProposalState[]; doing: string }>> = {
  queue: { from: ['succeeded'], doing: 'queuing' },
  execute: { from: ['queued'], doing: 'executing' },
  cancel: { from: ['pending'], doing: 'cancelling' },
};

/** What a state means for who wants to do something else than it allows. */
const MEANS: Readonly<Record<ProposalState, string>> = {
  pending: 'its vote has not begun',
  active: 'it is voted on',
  cancelled: 'who made it took it back',
  defeated: 'it did not pass',
  succeeded: 'it passed and is not in the timelock yet: queue it',
  queued: 'it waits in the timelock: execute it after that',
  expired: 'its time has passed',
  executed: 'it was carried out',
};

/** PROPOSAL_STATE */
export function requireState(view: ProposalView, allowed: readonly ProposalState[], doing: string): void {
  if (allowed.includes(view.state)) return;
  const next = nextOf(view);
  throw new EssaimError(
    'PROPOSAL_STATE',
    `${doing} is not possible: the proposal is ${view.state}, ${MEANS[view.state]}`,
    {
      help: next
        ? `${next.what} at ${showTime(next.at)}`
        : `this can be done while a proposal is ${allowed.join(' or ')}`,
      details: { id: view.id, state: view.state, allowed },
    },
  );
}

/** Whether an account has the votes that a proposal needs. PROPOSAL_THRESHOLD */
export async function requireThreshold(context: HolderContext, proposer: string): Promise<void> {
  const { EssaimGovernor, MielToken, StakeManager } = context.contracts;
  const [liquid, staked, threshold, delegate, balance] = await reading('asking for voting power', () =>
    Promise.all([
      MielToken.getVotes(proposer),
      StakeManager.getVotes(proposer),
      EssaimGovernor.proposalThreshold(),
      MielToken.delegates(proposer),
      MielToken.balanceOf(proposer),
    ]),
  );
  const votes = liquid + staked;
  if (votes >= threshold) return;
  const missing = threshold - votes;
  const silent = delegate === ZeroAddress && balance > 0n;
  const own = silent ? `delegate to yourself first: your ${showMiel(balance)} vote for nobody yet; or ` : '';
  throw new EssaimError(
    'PROPOSAL_THRESHOLD',
    `${proposer} has ${showMiel(votes)} of votes, and a proposal needs ${showMiel(threshold)}: ${showMiel(missing)} are missing`,
    {
      help: `${own}have others delegate ${showMiel(missing)} to you, or give the draft to who has them`,
      details: { proposer, votes, threshold, missing, undelegated: silent ? balance : 0n },
    },
  );
}
