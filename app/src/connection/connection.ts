import type { Essaim, EssaimError } from '@essaim/sdk';
import { createContext, useContext } from 'react';
import type { Config, Settings } from '../config/config.ts';
import type { WalletState } from '../wallet/wallet.ts';

export interface Connected {
  /** Reads everything and signs nothing; `<Action>` gives one that signs. */
  readonly essaim: Essaim;
  readonly config: Config;
  /** Of the deployment. */
  readonly chainId: number;
}

/** The connection as the page sees it: on its way (neither `essaim` nor `error`), there, or failed. */
export interface Connection extends Partial<Connected> {
  readonly error?: EssaimError;
  /** The configuration without what was set here. */
  readonly shipped?: Config;
  readonly settings: Settings;
  /** Keeps other settings and connects anew. */
  change(settings: Settings): void;
  /** Connects anew. */
  again(): void;
  readonly wallet: WalletState;
}

export const ConnectionContext = createContext<Connection | undefined>(undefined);

/** The connection to the network, and the wallet's state. */
export function useEssaim(): Connection {
  return useContext(ConnectionContext)!;
}
