import type { EssaimError } from '@essaim/sdk';
import { useState } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { Failure } from '../parts/failure.tsx';
import { wallet } from './use-wallet.ts';

/** Says that the wallet is on another network, and asks it to come to this one. */
export function SwitchButton({ purpose }: { purpose: string }) {
  const { chainId, config, wallet: state } = useEssaim();
  const [error, setError] = useState<EssaimError>();
  const [asking, setAsking] = useState(false);
  if (!chainId || !config) return null;
  const name = config.chain?.name ?? `chain ${chainId}`;
  const press = async () => {
    setAsking(true);
    setError(undefined);
    await wallet
      .switchTo({ chainId, name, coin: config.chain?.coin ?? 'ETH', rpc: config.rpc })
      .catch((cause) => setError(cause));
    setAsking(false);
  };
  return (
    <div className="connect">
      <p className="why" role="status">
        Your wallet is on chain {state.chainId}; this page is about {name} ({chainId}).
      </p>
      <button type="button" className="primary" aria-disabled={asking} onClick={() => !asking && void press()}>
        Switch to {name} to {purpose[0].toLowerCase() + purpose.slice(1)}
      </button>
      {error && <Failure error={error} title="The wallet stayed where it was" />}
    </div>
  );
}
