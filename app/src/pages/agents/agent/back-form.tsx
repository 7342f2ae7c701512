import type { PoolView } from '@essaim/sdk';
import { useId, useState } from 'react';
import { Action } from '../../../parts/action.tsx';
import { checkBacking } from './backing-check.ts';

/** Delegates MIEL to a pool. */
export function BackForm({ pool, balance }: { pool: PoolView; balance: bigint }) {
  const [text, setText] = useState('');
  const id = useId();
  const { amount, why } = checkBacking(text, pool.room, balance);
  return (
    <div className="form stack">
      <div className="field">
        <label htmlFor={id}>Delegate to it, in MIEL</label>
        <input id={id} inputMode="decimal" value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      <p>
        <small>
          Your MIEL then backs this operator’s work: it shares its fees after the cut and its slashes, and takes 14 days
          to leave. You go on voting with it.
        </small>
      </p>
      <Action
        label="Delegate"
        why={why}
        run={({ pools }, signal) => pools.back(pool.id, amount!, signal)}
        done="It backs this operator now."
        onDone={() => setText('')}
      />
    </div>
  );
}
