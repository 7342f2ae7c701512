import { EssaimError } from '@essaim/protocol';
import {
  type ContractTransaction,
  getAddress,
  type Signer,
  type TransactionReceipt,
  type TypedDataField,
  verifyTypedData,
} from 'ethers';
import { send } from './chain/send.ts';
import type { Contracts } from './contracts/contracts.ts';

/** Who pays whom in which token: what an escrow is for. */
export interface Account {
  readonly payer: string;
  readonly payee: string;
  readonly token: string;
}

/** A payer's signed word for all that it owes a payee so far, in the token's smallest unit. The last one counts for all. */
export interface Voucher extends Account {
  readonly cumulative: bigint;
  readonly signature: string;
}

/** What stands behind vouchers. Amounts in the token's smallest unit. */
export interface EscrowView {
  /** All that was paid in, less what the payer took back. */
  readonly funded: bigint;
  readonly claimed: bigint;
  /** Second before which it cannot begin to close. */
  readonly until: number;
  /** Second from which the payer may take back what is left; null while it is not being closed. */
  readonly closes: number | null;
}

const TYPES: Record<string, TypedDataField[]> = {
  Voucher: [
    { name: 'payer', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'cumulative', type: 'uint256' },
  ],
};

interface VoucherContext {
  readonly chainId: number;
  readonly contracts: Contracts;
  readonly signer?: Signer;
}

/** Escrows for many small payments, and the vouchers that they pay. */
export class Vouchers {
  readonly #context: VoucherContext;

  constructor(context: VoucherContext) {
    this.#context = context;
  }

  /** Signs for all that is owed to a payee so far: the account that signs is the payer. WALLET_MISSING */
  async sign(payee: string, token: string, cumulative: bigint): Promise<Voucher> {
    const { signer } = this.#context;
    if (!signer) throw walletMissing('signing a voucher');
    const unsigned = { payer: await signer.getAddress(), payee, token, cumulative };
    return { ...unsigned, signature: await signer.signTypedData(await this.#domain(), TYPES, unsigned) };
  }

  /** VOUCHER_FORGED unless the payer (an account with a key; contracts are asked by the chain) signed the voucher. */
  async check({ signature, ...unsigned }: Voucher): Promise<void> {
    const domain = await this.#domain();
    try {
      if (verifyTypedData(domain, TYPES, unsigned, signature) === getAddress(unsigned.payer)) return;
    } catch {}
    throw new EssaimError('VOUCHER_FORGED', `${unsigned.payer} did not sign this voucher`, {
      help: 'work no more for who gave it to you: nobody will pay it',
    });
  }

  /** What stands behind a payer's vouchers for a payee. */
  async escrow({ payer, payee, token }: Account): Promise<EscrowView> {
    const { funded, claimed, until, closes } = await this.#contract.escrow(payer, payee, token);
    return { funded, claimed, until: Number(until), closes: closes === 0n ? null : Number(closes) };
  }

  /** What a voucher would pay now. */
  async worth(voucher: Voucher): Promise<bigint> {
    const { funded, claimed } = await this.escrow(voucher);
    const most = voucher.cumulative < funded ? voucher.cumulative : funded;
    return most > claimed ? most - claimed : 0n;
  }

  /**
   * Adds `amount` to the signer's escrow for a payee, which stands open until `until` (seconds, at most a year away, never
   * earlier than before). Vouchers_Until, Vouchers_Funding, WALLET_MISSING
   */
  async fund(payee: string, token: string, amount: bigint, until: number, signal?: AbortSignal): Promise<void> {
    const { MielToken } = this.#context.contracts;
    const erc20 = MielToken.attach(token) as typeof MielToken;
    const approval = erc20.approve.populateTransaction(await this.#contract.getAddress(), amount);
    await this.#send(approval, 'approving tokens for an escrow', signal);
    await this.#send(this.#contract.fund.populateTransaction(payee, token, amount, until), 'funding an escrow', signal);
  }

  /** Has the payee paid what a voucher promises and its escrow has; returns how much. Vouchers_Nothing, Vouchers_Signature */
  async claim({ payer, payee, token, cumulative, signature }: Voucher, signal?: AbortSignal): Promise<bigint> {
    const call = this.#contract.claim.populateTransaction(payer, payee, token, cumulative, signature);
    const { logs } = await this.#send(call, 'claiming by a voucher', signal);
    const address = await this.#contract.getAddress();
    const events = logs.filter((log) => log.address === address).map((log) => this.#contract.interface.parseLog(log));
    return events.find((event) => event?.name === 'Claimed')?.args.amount ?? 0n;
  }

  /** Begins to close the signer's escrow for a payee. Vouchers_Open, Vouchers_Closing, Vouchers_Nothing */
  async close(payee: string, token: string, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#contract.close.populateTransaction(payee, token), 'closing an escrow', signal);
  }

  /** Takes back what is left of the signer's closed escrow. Vouchers_Wait, Vouchers_Nothing */
  async refund(payee: string, token: string, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#contract.refund.populateTransaction(payee, token), 'taking back an escrow', signal);
  }

  get #contract() {
    return this.#context.contracts.Vouchers;
  }

  async #domain() {
    const { chainId } = this.#context;
    return { name: 'EssaimVouchers', version: '1', chainId, verifyingContract: await this.#contract.getAddress() };
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    const { signer } = this.#context;
    if (!signer) throw walletMissing(doing);
    return send(signer, await call, doing, { signal });
  }
}

const walletMissing = (doing: string) =>
  new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
