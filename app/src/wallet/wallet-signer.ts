import { EssaimError } from '@essaim/sdk';
import {
  AbstractSigner,
  hexlify,
  type JsonRpcProvider,
  resolveProperties,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toUtf8Bytes,
} from 'ethers';
import { accountsOf, chainOf, type Eip1193, walletError } from './eip1193.ts';

/** What one transaction is going through. */
export type Phase = { readonly at: 'signing' } | { readonly at: 'pending'; readonly hash: string };

/** How long the chain's endpoint may take to hear of what the wallet sent, in milliseconds. */
const HEARD_WITHIN = 60_000;
const LOOK_EVERY = 500;

/**
 * Signs by a wallet and reads by the page's own endpoint. Before each signature it looks whether the wallet still is on
 * the chain and has the account that all this began with: WALLET_CHAIN, WALLET_ACCOUNT, and what `walletError` names.
 */
export class WalletSigner extends AbstractSigner<JsonRpcProvider> {
  readonly #wallet: Eip1193;
  readonly #account: string;
  readonly #chainId: number;
  readonly #onPhase: (phase: Phase) => void;

  constructor(
    provider: JsonRpcProvider,
    wallet: Eip1193,
    { account, chainId, onPhase }: { account: string; chainId: number; onPhase: (phase: Phase) => void },
  ) {
    super(provider);
    this.#wallet = wallet;
    this.#account = account;
    this.#chainId = chainId;
    this.#onPhase = onPhase;
  }

  override async getAddress(): Promise<string> {
    return this.#account;
  }

  override connect(): never {
    throw new EssaimError('WALLET_FAILED', 'this signer keeps its endpoint', { help: 'make another one' });
  }

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    await this.#requireSame();
    const call = { ...request, from: this.#account, chainId: this.#chainId };
    // the endpoint names a revert before the wallet asks its person anything
    const gasLimit = call.gasLimit ?? ((await this.provider.estimateGas(call)) * 5n) / 4n;
    const params = [this.provider.getRpcTransaction(await resolveProperties({ ...call, gasLimit }))];
    const hash = (await this.#ask('eth_sendTransaction', params, 'sending the transaction')) as string;
    this.#onPhase({ at: 'pending', hash });
    return this.#heardOf(hash);
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    await this.#requireSame();
    const bytes = typeof message === 'string' ? toUtf8Bytes(message) : message;
    return (await this.#ask('personal_sign', [hexlify(bytes), this.#account], 'signing the message')) as string;
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    await this.#requireSame();
    const payload = JSON.stringify(TypedDataEncoder.getPayload(domain, types, value));
    return (await this.#ask('eth_signTypedData_v4', [this.#account, payload], 'signing')) as string;
  }

  override signTransaction(): never {
    throw new EssaimError('WALLET_FAILED', 'a wallet signs and sends at once', { help: 'use sendTransaction' });
  }

  async #requireSame(): Promise<void> {
    const [accounts, chainId] = await Promise.all([accountsOf(this.#wallet, 'eth_accounts'), chainOf(this.#wallet)]);
    if (chainId !== this.#chainId) {
      throw new EssaimError('WALLET_CHAIN', `the wallet is on chain ${chainId}, this needs ${this.#chainId}`, {
        help: 'switch the wallet’s network and do it again; nothing was sent',
        details: { expected: this.#chainId, got: chainId },
      });
    }
    if (accounts.some((account) => account.toLowerCase() === this.#account.toLowerCase())) return;
    throw new EssaimError('WALLET_ACCOUNT', `the wallet no longer offers the account ${this.#account}`, {
      help: 'choose that account in the wallet again, or start anew with the one that you chose; nothing was sent',
    });
  }

  async #ask(method: string, params: readonly unknown[], doing: string): Promise<unknown> {
    this.#onPhase({ at: 'signing' });
    return this.#wallet.request({ method, params }).catch((cause) => {
      throw walletError(cause, doing);
    });
  }

  /** The wallet may send by another endpoint than ours, which hears of it a little later, or never. */
  async #heardOf(hash: string): Promise<TransactionResponse> {
    const until = Date.now() + HEARD_WITHIN;
    for (;;) {
      const found = await this.provider.getTransaction(hash).catch(() => null);
      if (found) return found;
      if (Date.now() > until) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
    throw new EssaimError('CHAIN_UNCONFIRMED', `the chain never heard of transaction ${hash}`, {
      help: 'the wallet may have dropped it or sent it to another chain: look there before doing it again',
      details: { transaction: hash },
    });
  }
}
