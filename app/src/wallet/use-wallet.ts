import { useSyncExternalStore } from 'react';
import { Wallet, type WalletState } from './wallet.ts';

/** The one wallet of this tab. */
export const wallet = new Wallet();

/** What the page knows of the wallet, followed as it changes. */
export function useWallet(): WalletState {
  return useSyncExternalStore(wallet.subscribe, wallet.read);
}
