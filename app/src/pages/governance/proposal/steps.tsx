import type { ProposalView } from '@essaim/sdk';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';

/** What anyone can do next with a proposal, and its proposer before the vote. */
export function Steps({ view }: { view: ProposalView }) {
  const { account } = useEssaim().wallet;
  const { id, state, eta, now, proposer } = view;
  if (state === 'succeeded') {
    return (
      <Action
        label="Queue it"
        run={({ governance }, signal) => governance.queue(id, signal)}
        done="It waits in the timelock now."
      />
    );
  }
  if (state === 'queued' && eta !== undefined) {
    return (
      <Action
        label="Execute it"
        why={eta > now ? 'It still waits, so that who disagrees has time to leave.' : undefined}
        run={({ governance }, signal) => governance.execute(id, signal)}
        done="Carried out."
      />
    );
  }
  if (state === 'pending' && account?.toLowerCase() === proposer.toLowerCase()) {
    return (
      <Action
        kind="secondary"
        label="Take it back"
        run={({ governance }, signal) => governance.cancel(id, signal)}
        done="Taken back."
      />
    );
  }
  return null;
}
