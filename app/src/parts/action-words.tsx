import { type ReactNode, useEffect, useState } from 'react';
import { Hash } from './address.tsx';
import { Failure } from './failure.tsx';
import type { ActionState } from './use-action.ts';

/** After this many seconds a silent wallet, or a transaction that nobody includes, is spoken of. */
const LONG = { signing: 20, pending: 45 };

/** An action's state, in words that are also read out. */
export function ActionWords<T>({
  state,
  stopWaiting,
  done,
}: {
  state: ActionState<T>;
  stopWaiting: () => void;
  done: ReactNode | ((result: T) => ReactNode);
}) {
  return (
    <>
      <div role="status" className="action-words">
        {state.at === 'checking' && <p>Checking that the chain would accept this …</p>}
        {state.at === 'signing' && (
          <p>
            <strong>Your wallet asks you to sign{state.step > 1 && ` (transaction ${state.step})`}.</strong> Nothing is
            sent before you do.
          </p>
        )}
        {state.at === 'pending' && (
          <p>
            <strong>Sent.</strong> Waiting for the chain to include <Hash of={state.hash} copy /> …
          </p>
        )}
        {state.at === 'done' && (
          <div className="action-done">{typeof done === 'function' ? done(state.result) : <p>{done}</p>}</div>
        )}
        {(state.at === 'signing' || state.at === 'pending') && (
          <Patience key={state.at + state.step} at={state.at} since={state.since} stopWaiting={stopWaiting} />
        )}
      </div>
      {state.at === 'failed' && <Failure error={state.error} title={titleOf(state.error.code)} />}
    </>
  );
}

function Patience({ at, since, stopWaiting }: { at: keyof typeof LONG; since: number; stopWaiting: () => void }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), since + LONG[at] * 1000 - Date.now());
    return () => clearTimeout(timer);
  }, [at, since]);
  if (!isLong) return null;
  return (
    <p>
      {at === 'signing'
        ? 'The wallet has not answered. Look for its window or its icon in the browser’s bar. '
        : 'It takes long: its gas price may be too low. The wallet can speed it up or cancel it. '}
      <button type="button" className="plain" onClick={stopWaiting}>
        Stop waiting
      </button>{' '}
      {at === 'signing' && 'If you sign after that, it is sent all the same.'}
    </p>
  );
}

const TITLES: Record<string, string> = {
  WALLET_REJECTED: 'You refused it in the wallet',
  WALLET_CHAIN: 'The wallet is on another network',
  WALLET_ACCOUNT: 'The wallet changed its account',
  WALLET_BUSY: 'The wallet is busy with something else',
  WALLET_FUNDS: 'Not enough coin to pay for gas',
  WALLET_TOKENS: 'Not enough of the token',
  CHAIN_UNCONFIRMED: 'It was sent, and nobody knows yet whether it counts',
  CHAIN_REPLACED: 'Another transaction took its place',
  CHAIN_UNREACHABLE: 'The chain does not answer',
};

/** Contracts' errors are named `Component_Reason`. */
const titleOf = (code: string): string =>
  TITLES[code] ?? (code.includes('_') && /[a-z]/.test(code) ? 'The contract refuses this' : 'This did not work');
