import type { RunDetail } from '@essaim/sdk';
import { parseUnits } from 'ethers';
import { useId, useState } from 'react';
import { Action } from '../../../parts/action.tsx';
import { Amount } from '../../../parts/amount.tsx';
import { useToken } from '../../../parts/use-token.ts';

/** Backs a run that looks for backers. */
export function BackForm({ run, missing }: { run: RunDetail; missing: bigint }) {
  const [text, setText] = useState('');
  const { symbol, decimals } = useToken(run.token);
  const id = useId();
  const amount = parse(text, decimals);
  const why =
    text.trim() === ''
      ? 'Give an amount.'
      : amount === undefined || amount <= 0n
        ? 'This is no amount.'
        : amount > missing
          ? 'That is more than is missing.'
          : undefined;
  return (
    <div className="form stack">
      <p>
        <Amount of={missing} token={run.token} /> are missing. Who backs it gets a part of the model, and back what is
        not spent.
      </p>
      <div className="field">
        <label htmlFor={id}>How much, in {symbol}</label>
        <input id={id} inputMode="decimal" value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      <Action
        label="Back it"
        why={why}
        run={({ training }, signal) => training.back(run.id as `0x${string}`, amount!, signal)}
        done="You back it now."
      />
    </div>
  );
}

function parse(text: string, decimals: number): bigint | undefined {
  try {
    return parseUnits(text.trim(), decimals);
  } catch {
    return undefined;
  }
}
