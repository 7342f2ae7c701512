import { useEssaim } from '../connection/connection.ts';
import { Address } from '../parts/address.tsx';
import { Amount } from '../parts/amount.tsx';
import { useAsk } from '../reading/use-ask.ts';
import { ConnectButton } from './connect-button.tsx';
import { wallet } from './use-wallet.ts';

/** Who one is here, with what; or the way to say so. */
export function WalletMenu() {
  const { wallet: state, chainId } = useEssaim();
  const { account } = state;
  const { value: balance } = useAsk(
    async ({ contracts }) => (account ? contracts.MielToken.balanceOf(account) : undefined),
    [account],
    { every: 15_000 },
  );
  if (!account) return <ConnectButton />;
  const isElsewhere = chainId !== undefined && state.chainId !== chainId;
  return (
    <div className="wallet">
      <span className="wallet-who">
        <Address of={account} />
        {balance !== undefined && <Amount of={balance} />}
      </span>
      {isElsewhere && (
        <span className="badge warn" role="status">
          another network
        </span>
      )}
      <button type="button" className="plain" onClick={wallet.disconnect}>
        Disconnect
      </button>
    </div>
  );
}
