import { type JsonRpcProvider, type TransactionRequest, Wallet } from 'ethers';
import type { BrowserContext, Page } from 'playwright-core';

interface Call {
  method: string;
  params?: unknown[];
}

const error = (code: number, message: string) => Object.assign(new Error(message), { code });

/**
 * A wallet that announces itself to a page by EIP-6963 and signs with a local key on this side of the browser. It does
 * what a person tells it: agree, refuse, stay silent, change account or network.
 */
export class TestWallet {
  /** What it does with the next questions that a person would be asked. */
  mood: 'agree' | 'refuse' | 'silent' = 'agree';
  /** Called before a transaction is signed: a person may change something in that moment. */
  beforeSigning?: (transaction: TransactionRequest) => Promise<void> | void;
  /** Everything that it was asked, in order. */
  readonly asked: string[] = [];
  #wallet: Wallet;
  #chainId: number;
  #isAllowed = false;
  readonly #chain: JsonRpcProvider;

  constructor(key: string, chain: JsonRpcProvider, chainId = 31_337) {
    this.#wallet = new Wallet(key, chain);
    this.#chain = chain;
    this.#chainId = chainId;
  }

  get address(): string {
    return this.#wallet.address;
  }

  /** Puts the wallet into every page of a context. */
  async inject(context: BrowserContext, name = 'Test wallet'): Promise<void> {
    await context.exposeFunction('walletRequest', async (call: Call) => {
      try {
        return { result: (await this.#answer(call)) ?? null };
      } catch (cause) {
        const {
          code = -32_603,
          message,
          info,
        } = cause as { code?: unknown; message: string; info?: { error?: object } };
        return { error: { code: typeof code === 'number' ? code : -32_603, message, ...info?.error } };
      }
    });
    await context.addInitScript(announce, name);
  }

  /** Its person chose another account, and every open page is told. */
  async changeAccount(key: string, page: Page): Promise<void> {
    this.#wallet = new Wallet(key, this.#chain);
    await tell(page, 'accountsChanged', [this.address]);
  }

  /** Its person chose another network, and the page is told. */
  async changeChain(chainId: number, page: Page): Promise<void> {
    this.#chainId = chainId;
    await tell(page, 'chainChanged', `0x${chainId.toString(16)}`);
  }

  async #answer({ method, params = [] }: Call): Promise<unknown> {
    this.asked.push(method);
    switch (method) {
      case 'eth_accounts':
        return this.#isAllowed ? [this.address] : [];
      case 'eth_chainId':
        return `0x${this.#chainId.toString(16)}`;
      case 'eth_requestAccounts':
        await this.#person();
        this.#isAllowed = true;
        return [this.address];
      case 'wallet_switchEthereumChain':
        await this.#person();
        this.#chainId = Number((params[0] as { chainId: string }).chainId);
        return null;
      case 'eth_sendTransaction': {
        const { to, data, value, gas } = params[0] as Record<string, string>;
        const transaction = { to, data, value, gasLimit: gas };
        await this.beforeSigning?.(transaction);
        await this.#person();
        return (await this.#wallet.sendTransaction(transaction)).hash;
      }
      case 'personal_sign':
        await this.#person();
        return this.#wallet.signMessage(Buffer.from((params[0] as string).slice(2), 'hex'));
      case 'eth_signTypedData_v4': {
        await this.#person();
        const { domain, types, message } = JSON.parse(params[1] as string);
        delete types.EIP712Domain;
        return this.#wallet.signTypedData(domain, types, message);
      }
      default:
        return this.#chain.send(method, params);
    }
  }

  async #person(): Promise<void> {
    if (this.mood === 'refuse') throw error(4001, 'User rejected the request.');
    if (this.mood === 'silent') await new Promise(() => {});
  }
}

const tell = (page: Page, event: string, value: unknown): Promise<void> =>
  page.evaluate(([name, said]) => (window as never as Told).walletTold(name as string, said), [event, value]);

interface Told {
  walletTold(event: string, value: unknown): void;
  walletRequest(call: unknown): Promise<{ result?: unknown; error?: { code: number; message: string } }>;
}

/** Runs in the page, before anything of it. */
function announce(name: string): void {
  const page = window as never as Told;
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request(call: unknown) {
      const { result, error } = await page.walletRequest(call);
      if (error) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on(event: string, listener: (value: unknown) => void) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener(event: string, listener: (value: unknown) => void) {
      listeners.get(event)?.delete(listener);
    },
  };
  page.walletTold = (event, value) => {
    for (const listener of listeners.get(event) ?? []) listener(value);
  };
  const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
  const info = Object.freeze({ uuid: '350670db-19fa-4704-a166-e52e178b59d2', name, icon, rdns: 'test.wallet' });
  const detail = Object.freeze({ info, provider });
  const say = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  window.addEventListener('eip6963:requestProvider', say);
  say();
}
