import type { EssaimError } from '@essaim/sdk';
import { getAddress } from 'ethers';
import { discover, type FoundWallet } from './discovery.ts';
import { accountsOf, chainOf, isUnknownChain, walletError } from './eip1193.ts';

/** What the page knows of the wallet; a new object whenever something changes. */
export interface WalletState {
  /** Wallets that this browser has. */
  readonly found: readonly FoundWallet[];
  /** The one that is connected, or being asked. */
  readonly wallet?: FoundWallet;
  readonly asking: boolean;
  /** Checksummed; undefined: not connected. */
  readonly account?: string;
  readonly chainId?: number;
  readonly error?: EssaimError;
}

/** How a wallet is told of a chain that it does not know. */
export interface ChainToAdd {
  readonly chainId: number;
  readonly name: string;
  readonly coin: string;
  readonly rpc: string;
}

const KEY = 'essaim.wallet';

/** The wallet of this tab: found, connected, and followed when its person changes account or chain. */
export class Wallet {
  state: WalletState = { found: [], asking: false };
  readonly #listeners = new Set<() => void>();
  #leave: () => void = () => {};

  constructor() {
    discover((wallet) => {
      this.#set({ found: [...this.state.found, wallet] });
      if (wallet.id === localStorage.getItem(KEY)) void this.#open(wallet, 'eth_accounts');
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read = (): WalletState => this.state;

  /** Asks a wallet for its accounts; its person may refuse, or never answer. */
  connect(wallet: FoundWallet): Promise<void> {
    return this.#open(wallet, 'eth_requestAccounts');
  }

  /** Forgets the wallet here; the wallet itself still knows the page. */
  disconnect = (): void => {
    this.#leave();
    this.#leave = () => {};
    localStorage.removeItem(KEY);
    this.#set({ wallet: undefined, account: undefined, chainId: undefined, asking: false, error: undefined });
  };

  /** Asks the wallet to go to a chain, telling it of it where it does not know it. Throws what the wallet refused. */
  async switchTo(chain: ChainToAdd): Promise<void> {
    const { wallet } = this.state;
    if (!wallet) return;
    const chainId = `0x${chain.chainId.toString(16)}`;
    const ask = (method: string, params: object) => wallet.provider.request({ method, params: [params] });
    try {
      await ask('wallet_switchEthereumChain', { chainId }).catch((cause) => {
        if (!isUnknownChain(cause)) throw cause;
        return ask('wallet_addEthereumChain', {
          chainId,
          chainName: chain.name,
          rpcUrls: [chain.rpc],
          nativeCurrency: { name: chain.coin, symbol: chain.coin, decimals: 18 },
        });
      });
      this.#set({ chainId: await chainOf(wallet.provider), error: undefined });
    } catch (cause) {
      throw walletError(cause, 'switching the network');
    }
  }

  async #open(wallet: FoundWallet, method: 'eth_accounts' | 'eth_requestAccounts'): Promise<void> {
    const isAsked = method === 'eth_requestAccounts';
    this.#leave();
    this.#set({ wallet, asking: isAsked, account: undefined, error: undefined });
    try {
      const accounts = await accountsOf(wallet.provider, method);
      const chainId = await chainOf(wallet.provider);
      if (this.state.wallet !== wallet) return;
      this.#follow(wallet);
      this.#show(accounts, chainId);
    } catch (cause) {
      if (this.state.wallet !== wallet) return;
      const error = isAsked ? (walletError(cause, 'connecting the wallet') as EssaimError) : undefined;
      this.#set({ wallet: undefined, asking: false, error });
    }
  }

  #follow({ provider }: FoundWallet): void {
    const onAccounts = (accounts: string[]) => this.#show(accounts, this.state.chainId!);
    const onChain = (chainId: string) => this.#set({ chainId: Number(chainId) });
    provider.on?.('accountsChanged', onAccounts);
    provider.on?.('chainChanged', onChain);
    this.#leave = () => {
      provider.removeListener?.('accountsChanged', onAccounts);
      provider.removeListener?.('chainChanged', onChain);
    };
  }

  #show(accounts: readonly string[], chainId: number): void {
    const [account] = accounts;
    if (!account) {
      this.disconnect();
      return;
    }
    localStorage.setItem(KEY, this.state.wallet!.id);
    this.#set({ account: getAddress(account), chainId, asking: false, error: undefined });
  }

  #set(change: Partial<WalletState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
