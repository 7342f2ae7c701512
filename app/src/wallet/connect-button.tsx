import { useId, useState } from 'react';
import { Failure } from '../parts/failure.tsx';
import { Text } from '../parts/text.tsx';
import type { FoundWallet } from './discovery.ts';
import { useWallet, wallet } from './use-wallet.ts';

/** Connects a wallet; where there are several, asks which. `purpose`: what one wants to do with it. */
export function ConnectButton({ purpose }: { purpose?: string }) {
  const { found, asking, error, wallet: asked } = useWallet();
  const [isChoosing, setChoosing] = useState(false);
  const id = useId();
  const press = () => (found.length === 1 ? void wallet.connect(found[0]) : setChoosing(!isChoosing));
  return (
    <div className="connect">
      <button
        type="button"
        className={purpose ? 'primary' : 'secondary'}
        aria-expanded={found.length === 1 ? undefined : isChoosing}
        aria-controls={found.length === 1 ? undefined : id}
        aria-disabled={asking}
        onClick={() => !asking && press()}
      >
        {purpose ? `Connect a wallet to ${purpose[0].toLowerCase()}${purpose.slice(1)}` : 'Connect a wallet'}
      </button>
      {asking && (
        <p role="status">
          <Text of={asked?.name} /> asks whether this page may see your account.{' '}
          <button type="button" className="plain" onClick={wallet.disconnect}>
            Stop waiting
          </button>
        </p>
      )}
      {isChoosing && <Choice id={id} found={found} />}
      {error && <Failure error={error} title="The wallet is not connected" />}
    </div>
  );
}

function Choice({ id, found }: { id: string; found: readonly FoundWallet[] }) {
  if (found.length === 0) {
    return (
      <p id={id} className="why">
        This browser has no wallet that says so. Install one that follows EIP-6963 (most do) and load this page again.
        You can read everything without one.
      </p>
    );
  }
  return (
    <ul id={id} className="choice">
      {found.map((each) => (
        <li key={each.id}>
          <button type="button" onClick={() => void wallet.connect(each)}>
            {each.icon && <img src={each.icon} alt="" width="20" height="20" />}
            <Text of={each.name} limit={40} />
          </button>
        </li>
      ))}
    </ul>
  );
}
