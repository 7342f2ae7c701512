import type { ProposalView } from '@essaim/sdk';
import { ZeroAddress } from 'ethers';
import { useEssaim } from '../../../connection/connection.ts';
import { type Asked, useAsk } from '../../../reading/use-ask.ts';
import type { Voter } from './why-not.ts';

/** What the chain knows of the connected account in a proposal's vote. */
export function useVoter({ id, snapshot, now }: ProposalView): Asked<Voter> {
  const { account } = useEssaim().wallet;
  const hasBegun = snapshot < now;
  return useAsk<Voter>(
    async ({ contracts: { EssaimGovernor, MielToken, StakeManager } }) => {
      if (!account) return {};
      const [hasVoted, then, liquid, staked, balance, delegate] = await Promise.all([
        EssaimGovernor.hasVoted(id, account),
        hasBegun ? EssaimGovernor.getVotes(account, snapshot) : undefined,
        MielToken.getVotes(account),
        StakeManager.getVotes(account),
        MielToken.balanceOf(account),
        MielToken.delegates(account),
      ]);
      const votesNow = liquid + staked;
      const named = delegate === ZeroAddress ? undefined : delegate;
      return { account, hasVoted, votes: then ?? votesNow, votesNow, balance, delegate: named };
    },
    [account, id, hasBegun],
  );
}
