import type { ProposalView, Support } from '@essaim/sdk';
import { useId, useState } from 'react';
import { useEssaim } from '../../../connection/connection.ts';
import { Action } from '../../../parts/action.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { ConnectButton } from '../../../wallet/connect-button.tsx';
import { Choice } from '../choice.tsx';
import { SignedJson } from '../signed-json.tsx';
import { useVoter } from './use-voter.ts';
import { mayVote } from './why-not.ts';

const SUPPORTS = [
  ['for', 'For'],
  ['against', 'Against'],
  ['abstain', 'Abstain'],
] as const;

/** Votes with a reason, or says why one cannot. */
export function VoteForm({ view }: { view: ProposalView }) {
  const { wallet } = useEssaim();
  const voter = useVoter(view);
  if (!wallet.account && view.state === 'active') return <ConnectButton purpose="Vote" />;
  return (
    <State of={voter} what="your votes in this proposal">
      {(it) => {
        const may = mayVote(view, it);
        if (!may) return null;
        if (may.can) return <Ballot view={view} votes={may.votes} />;
        return (
          <div className="stack">
            <p>
              <strong>{may.why}</strong>
            </p>
            {may.help && <p>{may.help}</p>}
          </div>
        );
      }}
    </State>
  );
}

function Ballot({ view, votes }: { view: ProposalView; votes: bigint }) {
  const [support, setSupport] = useState<Support>();
  const [reason, setReason] = useState('');
  const id = useId();
  const why = support === undefined ? 'Choose for, against or abstain.' : undefined;
  return (
    <div className="form stack">
      <p>
        You vote with <Amount of={votes} />, all at once. A vote cannot be changed.
      </p>
      <Choice legend="Your vote" value={support} options={SUPPORTS} choose={setSupport} />
      <div className="field">
        <label htmlFor={id}>Your reason (stands on the chain, for everyone; may be left out)</label>
        <textarea id={id} rows={3} value={reason} onChange={({ target }) => setReason(target.value)} />
      </div>
      <Action
        label="Vote"
        why={why}
        run={({ governance }, signal) => governance.vote(view.id, support!, reason.trim(), signal)}
        done="Your vote counts."
      />
      <Action
        kind="secondary"
        label="Sign it for another to send"
        why={why}
        run={({ governance }) => governance.signVote(view.id, support!, { reason: reason.trim() })}
        done={(signed) => <SignedJson signed={signed} what="vote" />}
      />
    </div>
  );
}
