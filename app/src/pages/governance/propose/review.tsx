import type { PreparedProposal } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { State } from '../../../parts/state.tsx';
import { useAsk } from '../../../reading/use-ask.ts';
import { to } from '../../../route/route.ts';
import { go } from '../../../route/use-route.ts';
import { ConnectButton } from '../../../wallet/connect-button.tsx';
import { Decoded } from '../proposal/decoded.tsx';
import { TrialOf } from '../proposal/trial-view.tsx';
import { draftOf, type Now, type Writing } from './draft.ts';

/** A draft as the chain would take it: its calls read back, tried out, and sent. */
export function Review({ writing, now }: { writing: Writing; now: Now }) {
  const { account } = useEssaim().wallet;
  const prepared = useAsk<PreparedProposal | null>(
    async ({ governance }) => (account ? governance.prepare(draftOf(writing, now), account) : null),
    [writing, account],
  );
  if (!account) return <ConnectButton purpose="Check it as your proposal" />;
  return (
    <State of={prepared} what="the proposal">
      {(proposal) => (
        <>
          <Decoded actions={proposal.actions} />
          <TrialOf actions={proposal.actions} />
          <Action
            label="Propose it"
            run={({ governance }, signal) => governance.propose(proposal, signal)}
            onDone={() => go(to('governance', proposal.id))}
            done="Proposed."
          />
        </>
      )}
    </State>
  );
}
