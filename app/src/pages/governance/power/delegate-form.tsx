import type { Power, VotesOf } from '@essaim/sdk';
import { isAddress } from 'ethers';
import { useId, useState } from 'react';
import { Action } from '../../../parts/action.tsx';
import { Choice } from '../choice.tsx';
import { SignedJson } from '../signed-json.tsx';
import { missingOf } from './sources.ts';

/** Names who votes with one's liquid or staked MIEL: oneself or another. */
export function DelegateForm({ power }: { power: Power }) {
  const [isOwn, setOwn] = useState(true);
  const [other, setOther] = useState('');
  const [of, setOf] = useState<VotesOf>('token');
  // stays as it is when the delegation has come: what became of it stands inside
  const [isOpen, setOpen] = useState(missingOf(power) !== undefined);
  const field = useId();
  const to = isOwn ? power.account : other.trim();
  const { why, label } = stepOf({ power, of, to, isOwn });
  const hasStake = (power.parts?.staked.own ?? 0n) > 0n;
  return (
    <details className="stack" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Delegate</summary>
      <div className="form stack">
        <p>
          <small>
            Delegating moves no MIEL: it names who votes with it, and can be changed at any time. It counts for votes
            that begin after it.
          </small>
        </p>
        {hasStake && (
          <Choice
            legend="Which MIEL"
            value={of}
            options={[
              ['token', 'in your wallet'],
              ['stake', 'staked'],
            ]}
            choose={setOf}
          />
        )}
        <Choice
          legend="Who votes with it"
          value={isOwn ? 'own' : 'other'}
          options={[
            ['own', 'you'],
            ['other', 'another account'],
          ]}
          choose={(value) => setOwn(value === 'own')}
        />
        {!isOwn && (
          <div className="field">
            <label htmlFor={field}>Its address</label>
            <input
              id={field}
              value={other}
              onChange={({ target }) => setOther(target.value)}
              placeholder="0x…"
              autoComplete="off"
              spellCheck={false}
            />
          </div>
        )}
        <Action
          label={label}
          why={why}
          run={({ governance }, signal) => governance.delegate(to, of, signal)}
          done="Done. It counts in votes that begin from now on."
        />
        <Action
          kind="secondary"
          label="Sign it for another to send"
          why={why}
          run={({ governance }) => governance.signDelegation(to, of)}
          done={(signed) => <SignedJson signed={signed} what="delegation, to be sent within a week" />}
        />
      </div>
    </details>
  );
}

function stepOf({ power, of, to, isOwn }: { power: Power; of: VotesOf; to: string; isOwn: boolean }) {
  const label = isOwn ? 'Delegate to yourself' : 'Delegate to this account';
  if (to === '') return { label, why: 'Give an address.' };
  if (!isAddress(to)) return { label, why: 'This is no address: 0x and 40 hex digits.' };
  const now = of === 'token' ? power.parts?.liquid.delegate : power.parts?.staked.delegate;
  if (now?.toLowerCase() === to.toLowerCase())
    return { label, why: isOwn ? 'You vote with it already.' : 'It does already.' };
  return { label };
}
