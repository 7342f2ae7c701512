import { type ProposalView, showMiel, showSpan } from '@essaim/sdk';

/** What is known of a voter in one vote. Amounts in wei of MIEL. */
export interface Voter {
  account?: string;
  hasVoted?: boolean;
  /** Votes as they were when voting began; before that: as they are. */
  votes?: bigint;
  /** Votes as they are now. */
  votesNow?: bigint;
  /** Liquid MIEL now, and who votes with it; none: nobody. */
  balance?: bigint;
  delegate?: string;
}

/** Whether somebody can vote, and if not why and what to do. */
export type MayVote = { can: true; votes: bigint } | { can: false; why: string; help?: string };

const no = (why: string, help?: string): MayVote => ({ can: false, why, help });

/** Why an account can or cannot vote on a proposal now; undefined while its votes are not known. */
export function mayVote(view: Pick<ProposalView, 'state' | 'snapshot' | 'now'>, voter: Voter): MayVote | undefined {
  const { state, snapshot, now } = view;
  if (state === 'pending') {
    const left = snapshot > now ? snapshot - now : 0n;
    return no(`Voting begins in ${showSpan(left + 1n)}.`, forNow(voter, 'this vote'));
  }
  if (state !== 'active') return no('Voting is over.');
  if (!voter.account) return no('No wallet is connected.', 'Connect the wallet that holds or was delegated MIEL.');
  if (voter.hasVoted) return no('This account has voted.', 'A vote cannot be changed.');
  if (voter.votes === undefined) return undefined;
  if (voter.votes > 0n) return { can: true, votes: voter.votes };
  const why = 'This account had no votes when voting began, and what came later does not count in this vote.';
  return no(why, forNow(voter, 'the next vote'));
}

/** What to do to have votes when the next snapshot is taken. */
function forNow({ account, balance = 0n, delegate, votesNow = 0n }: Voter, vote: string): string | undefined {
  if (!account) return undefined;
  if (balance > 0n && !delegate)
    return `Your ${showMiel(balance)} vote for nobody: delegate to yourself or to another, and they count in ${vote}.`;
  if (votesNow > 0n) return `You have ${showMiel(votesNow)} of votes for ${vote} as things stand.`;
  if (balance > 0n && delegate?.toLowerCase() !== account.toLowerCase())
    return `Your ${showMiel(balance)} are voted by ${delegate}: delegate to yourself to have them in ${vote}.`;
  return `Hold, stake or be delegated MIEL before ${vote} begins.`;
}
