import { Essaim, EssaimError } from '@essaim/sdk';
import type { Phase } from '../wallet/wallet-signer.ts';
import { WalletSigner } from '../wallet/wallet-signer.ts';
import type { Connection } from './connection.ts';
import { optionsOf } from './options-of.ts';

/** A connection of its own that signs by the wallet as it is now; whoever opened it closes it. */
export async function openSigning(
  { config, chainId, wallet: { wallet, account } }: Connection,
  onPhase: (phase: Phase) => void,
): Promise<Essaim> {
  if (!config || !chainId || !wallet || !account)
    throw new EssaimError('WALLET_MISSING', 'no wallet is connected', { help: 'connect one and do it again' });
  const signer = (provider: Essaim['provider']) =>
    new WalletSigner(provider as ConstructorParameters<typeof WalletSigner>[0], wallet.provider, {
      ...{ account, chainId, onPhase },
    });
  return Essaim.connect({ ...optionsOf(config), signer });
}
