import { showMiel, showSpan } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { to } from '../../../route/route.ts';

/** Whether the connected account has the votes that a proposal needs, and what comes after it was made. */
export function Threshold() {
  const { account } = useEssaim().wallet;
  const asked = useAsk(
    async ({ contracts: { EssaimGovernor, MielToken, StakeManager, TimelockController } }) => {
      const [threshold, delay, period, wait, ...votes] = await Promise.all([
        EssaimGovernor.proposalThreshold(),
        EssaimGovernor.votingDelay(),
        EssaimGovernor.votingPeriod(),
        TimelockController.getMinDelay(),
        ...(account ? [MielToken.getVotes(account), StakeManager.getVotes(account)] : []),
      ]);
      return { threshold, delay, period, wait, votes: votes.reduce((sum, it) => sum + it, 0n) };
    },
    [account],
  );
  return (
    <section className="card" aria-labelledby="threshold">
      <h2 id="threshold">What it takes</h2>
      <State of={asked} what="what it takes">
        {({ threshold, delay, period, wait, votes }) => (
          <>
            <p>
              To propose takes {showMiel(threshold)} of votes.{' '}
              {account &&
                (votes >= threshold ? (
                  <span className="is-right">You have {showMiel(votes)}.</span>
                ) : (
                  <span className="is-wrong">
                    You have {showMiel(votes)}: {showMiel(threshold - votes)} are missing.{' '}
                    <a href={to('governance')}>Delegate to yourself</a>, or have others delegate to you.
                  </span>
                ))}
            </p>
            <p>
              Voting begins {showSpan(delay)} after it is proposed and goes on for {showSpan(period)}. What passes waits{' '}
              {showSpan(wait)} more before anyone can execute it.
            </p>
          </>
        )}
      </State>
    </section>
  );
}
