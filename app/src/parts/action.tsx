import type { ReactNode } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { ConnectButton } from '../wallet/connect-button.tsx';
import { SwitchButton } from '../wallet/switch-button.tsx';
import { ActionWords } from './action-words.tsx';
import { useAction, type Work } from './use-action.ts';

/**
 * A button that sends transactions and tells in words what becomes of them: no wallet, another network, refused, no
 * answer, on its way, replaced, reverted with the error's own name and help, done.
 */
export function Action<T>({
  label,
  run,
  onDone,
  done = 'Done: it is in the chain.',
  why,
  kind = 'primary',
}: {
  /** A verb: what a press does. */
  label: string;
  /** Sends by a connection that signs with the wallet as it is at the press. It is closed when `run` ends. */
  run: Work<T>;
  onDone?: (result: T) => void;
  /** What is said when it went well. */
  done?: ReactNode | ((result: T) => ReactNode);
  /** Why it cannot be pressed now; undefined: it can. */
  why?: string;
  kind?: 'primary' | 'secondary';
}) {
  const { wallet, chainId, essaim } = useEssaim();
  const { state, press, stopWaiting } = useAction(run, onDone);
  const isBusy = state.at !== 'idle' && state.at !== 'done' && state.at !== 'failed';

  if (!wallet.account) return <ConnectButton purpose={label} />;
  if (chainId !== undefined && wallet.chainId !== chainId && !isBusy) return <SwitchButton purpose={label} />;
  return (
    <div className="action">
      <button
        type="button"
        className={kind}
        aria-disabled={isBusy || why !== undefined || !essaim}
        onClick={() => !isBusy && why === undefined && essaim && void press()}
      >
        {label}
      </button>
      {why && !isBusy && <p className="why">{why}</p>}
      <ActionWords state={state} stopWaiting={stopWaiting} done={done} />
    </div>
  );
}
