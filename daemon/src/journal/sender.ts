import { EssaimError } from '@essaim/protocol';
import { pause, type SendOptions } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import {
  type Block,
  type ContractTransaction,
  isCallException,
  type Provider,
  type TransactionReceipt,
  type Wallet,
} from 'ethers';
import { Callers, type Outcome } from './callers.ts';
import type { Fees } from './fees.ts';
import { isCancelled, keyOf, signForm, signNothing } from './forms.ts';
import type { Attempt, Intent, Journal, State } from './journal.ts';
import { headOf, Paying, type PayingRules } from './paying.ts';

export interface SenderRules extends PayingRules {
  /** Milliseconds after which what is in no block is replaced by the same with a higher fee. */
  readonly resubmitAfter: number;
  /** Blocks under which nothing is reorganised. */
  readonly confirmations: number;
  /** Milliseconds for which a caller waits; the transaction goes on after it. */
  readonly patience: number;
}

/** What became of a transaction, for logs. */
export interface TransactionEvent {
  readonly event: `transaction-${'replaced' | 'stuck' | 'stolen' | 'reorganised' | 'recovered' | 'moot'}`;
  readonly doing: string;
  readonly nonce: number;
  readonly hash?: string;
}

/** Is told of each state after it is on the disk. */
export type Watcher = (state: State | 'replaced', intent: Intent, fee?: bigint) => void;

/** Milliseconds after which what no endpoint took is broadcast again as it is. */
const REFUSED_FOR = 2_000;

/** What was tried for an intent. Times as performance.now() tells them. */
interface Tried {
  /** When it was broadcast with this fee. */
  at: number;
  /** When it is broadcast again where no endpoint took it. */
  again: number;
  /** How often its nonce was seen used. */
  missed: number;
  /** The block at which its call was first seen to fail, if it still does. */
  failing?: number;
  /** The newest block at which it was seen to fail, and since when that is the newest. */
  head?: { readonly number: number; readonly since: number };
}

/** How often a nonce has to be seen used by another: nodes behind one endpoint differ by a block or two. */
const STOLEN_AFTER = 5;
/** Blocks in a row at which a call has to fail before what it is for counts as gone. */
const MOOT_AFTER = 3;
/** Looks without a new block after which a chain counts as standing still. */
const STILL = 60;

/**
 * Brings an account's transactions into blocks, each once: written to a journal before they are broadcast, found again
 * after a restart, broadcast again where they were dropped, replaced where they are stuck, and cancelled where what they were
 * for is gone.
 */
export class Sender {
  readonly #wallet: Wallet;
  readonly #provider: Provider;
  readonly #journal: Journal;
  readonly #rules: SenderRules;
  readonly #paying: Paying;
  readonly #say: (event: TransactionEvent) => void;
  readonly #watcher: Watcher;
  readonly #callers = new Callers();
  /** What was tried for an intent; lost with the process. */
  readonly #tried = new Map<number, Tried>();
  #turn: Promise<unknown> = Promise.resolve();
  #tending?: Promise<void>;

  constructor(
    wallet: Wallet,
    journal: Journal,
    rules: SenderRules,
    say: (event: TransactionEvent) => void = () => {},
    watcher: Watcher = () => {},
  ) {
    this.#wallet = wallet;
    this.#provider = wallet.provider as Provider;
    this.#journal = journal;
    this.#rules = rules;
    this.#paying = new Paying(this.#provider, journal, rules);
    this.#say = say;
    this.#watcher = watcher;
  }

  /**
   * Has a call in a block, once: one that is on its way already is joined. Its gas is given. CHAIN_UNCONFIRMED,
   * CHAIN_FEE_CAPPED, CHAIN_REPLACED where another transaction took its nonce (and the call may be tried again),
   * CHAIN_MOOT where it would have failed, and was cancelled, WALLET_FUNDS, CHAIN_FAILED.
   */
  async deliver(call: ContractTransaction, doing: string, options: SendOptions = {}): Promise<TransactionReceipt> {
    const { signal } = options;
    const key = keyOf(call);
    const limit = performance.now() + this.#rules.patience;
    const intent = (await this.#joined(key, limit, signal)) ?? (await this.#begin(key, call, doing, limit, options));
    const looks = setInterval(() => this.tend().catch(() => undefined), this.#rules.interval);
    this.tend().catch(() => undefined);
    const outcome = await this.#callers.outcome(intent, limit, signal).finally(() => clearInterval(looks));
    if (outcome === 'moot') {
      throw new EssaimError('CHAIN_MOOT', `${doing}: what it was for is gone, and it was cancelled`, {
        help: 'look at the chain for what became of it',
        details: { nonce: intent.nonce },
      });
    }
    if (outcome !== 'stolen') return outcome;
    throw new EssaimError('CHAIN_REPLACED', `${doing}: another transaction has nonce ${intent.nonce}`, {
      help: 'something else signs with this account; look at the chain for what became of it, and try again',
      details: { nonce: intent.nonce },
    });
  }

  /** Looks after everything that is not final until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.tend().catch(() => undefined);
      await pause(this.#rules.interval, signal).catch(() => undefined);
    }
  }

  /** Looks once at everything that is not final. What fails is made up for by the next look. */
  tend(): Promise<void> {
    this.#tending ??= this.#tend().finally(() => {
      this.#tending = undefined;
    });
    return this.#tending;
  }

  /** Transactions that are in no block yet. */
  pending(): number {
    return this.#journal.open().length;
  }

  async #tend(): Promise<void> {
    const head = await headOf(this.#provider);
    for (const intent of this.#journal.shallow()) await this.#deepen(intent, head);
    const open = this.#journal.open();
    if (open.length === 0) return;
    const used = await this.#provider.getTransactionCount(this.#wallet.address);
    for (const intent of open) await this.#advance(intent, used, head);
  }

  /** Ends what is deep enough; takes what a reorganisation removed back to where it was. */
  async #deepen(intent: Intent, head: Block): Promise<void> {
    const found = await this.#receipt(intent);
    if (!found) {
      this.#move(intent, isCancelled(intent) ? 'cancelling' : 'sent');
      this.#say({ event: 'transaction-reorganised', doing: intent.doing, nonce: intent.nonce });
      return;
    }
    const { receipt, attempt } = found;
    if (receipt.blockHash !== intent.blockHash) this.#mined(intent, found);
    if (head.number - receipt.blockNumber < this.#rules.confirmations) return;
    const state = attempt.cancels ? 'cancelled' : receipt.status === 1 ? 'final' : 'reverted';
    this.#journal.end(intent.id, state);
    this.#watcher(state, this.#journal.get(intent.id));
  }

  async #advance(intent: Intent, used: number, head: Block): Promise<void> {
    const found = await this.#receipt(intent);
    if (found) return this.#mined(intent, found);
    const tried = this.#tried.get(intent.id) ?? { at: Number.NEGATIVE_INFINITY, again: 0, missed: 0 };
    this.#tried.set(intent.id, tried);
    if (used > intent.nonce) {
      if (++tried.missed < STOLEN_AFTER) return;
      this.#move(intent, 'stolen');
      this.#say({ event: 'transaction-stolen', doing: intent.doing, nonce: intent.nonce });
      this.#settle(intent, 'stolen');
      return;
    }
    tried.missed = 0;
    const waited = performance.now() - tried.at;
    const isNew = tried.at === Number.NEGATIVE_INFINITY;
    const isRefused = intent.state === 'signed' && performance.now() >= tried.again;
    if (!isNew && !isRefused && waited < this.#rules.resubmitAfter) return;
    if (!(await this.#holds(intent, tried, used, head))) return;
    if (isNew) {
      // of an earlier process, or out of a block that is gone: its fee may still do
      this.#say({ event: 'transaction-recovered', doing: intent.doing, nonce: intent.nonce });
      await this.#broadcast(intent, intent.attempts.at(-1)!);
    } else if (waited >= this.#rules.resubmitAfter) await this.#replace(intent, head);
    else await this.#repeat(intent, tried);
  }

  /** Broadcasts what no endpoint took as it is; it counts as waiting since it was broadcast first. */
  async #repeat(intent: Intent, { at }: Tried): Promise<void> {
    await this.#broadcast(intent, intent.attempts.at(-1)!);
    this.#tried.get(intent.id)!.at = at;
  }

  /**
   * Whether an intent is still to be sent: not while its call would fail. Where it fails at several blocks, and nothing
   * that is before it can change that, it is cancelled.
   */
  async #holds(intent: Intent, tried: Tried, used: number, head: Block): Promise<boolean> {
    const { id, to, data, value, gas, doing, nonce, attempts } = intent;
    if (isCancelled(intent)) return true;
    // a call without a price is simulated at a base fee of zero, one with less than the base fee not at all
    const { maxFee, tip } = attempts.at(-1)!;
    const least = 2n * (head.baseFeePerGas ?? 0n);
    const fees = { maxFeePerGas: maxFee > least ? maxFee : least + tip, maxPriorityFeePerGas: tip };
    try {
      await this.#provider.call({ from: this.#wallet.address, to, data, value, gasLimit: gas, ...fees });
      tried.failing = undefined;
      return true;
    } catch (error) {
      if (error instanceof EssaimError) throw error;
      // what cannot be tried is not held back for it
      if (!isCallException(error)) return true;
    }
    const now = performance.now();
    tried.failing = Math.min(tried.failing ?? head.number, head.number);
    if (tried.head?.number !== head.number) tried.head = { number: head.number, since: now };
    // what holds from the next block on holds nowhere where no block comes without it
    if (now - tried.head.since > STILL * this.#rules.interval) return true;
    if (used < nonce || head.number < tried.failing + MOOT_AFTER) return false;
    const higher = await this.#paying.more(attempts.at(-1)!, nonce, head);
    if (!higher) return false;
    const attempt = await signNothing(this.#wallet, intent, higher);
    this.#journal.cancel(id, attempt);
    const cancelling = this.#journal.get(id);
    this.#watcher('cancelling', cancelling);
    this.#say({ event: 'transaction-moot', doing, nonce, hash: attempt.hash });
    await this.#broadcast(cancelling, attempt);
    return false;
  }

  /** Sends the same with a higher fee; where the cap forbids it, the same again. */
  async #replace(intent: Intent, head: Block): Promise<void> {
    const last = intent.attempts.at(-1)!;
    const fees = await this.#paying.more(last, intent.nonce, head);
    if (!fees) {
      this.#say({ event: 'transaction-stuck', doing: intent.doing, nonce: intent.nonce, hash: last.hash });
      return this.#broadcast(intent, last);
    }
    const attempt = await (isCancelled(intent) ? signNothing : signForm)(this.#wallet, intent, fees);
    this.#journal.addAttempt(intent.id, attempt);
    this.#watcher('replaced', this.#journal.get(intent.id));
    this.#say({ event: 'transaction-replaced', doing: intent.doing, nonce: intent.nonce, hash: attempt.hash });
    await this.#broadcast(intent, attempt);
  }

  /** The same call on its way already; where it is in a block that the endpoint does not know of, that is waited for. */
  async #joined(key: string, limit: number, signal?: AbortSignal): Promise<Intent | undefined> {
    const newest = Math.max(0, ...this.#journal.live(key).map(({ block }) => block ?? 0));
    while (newest > 0 && (await this.#provider.getBlockNumber()) < newest && performance.now() < limit) {
      await pause(this.#rules.interval, signal);
    }
    return this.#open(key);
  }

  #open(key: string): Intent | undefined {
    return this.#journal.live(key).find(({ state }) => state !== 'mined');
  }

  async #begin(key: string, call: ContractTransaction, doing: string, limit: number, options: SendOptions) {
    const fees = await this.#paying.affordable(doing, options.deadline ?? null, limit, options.signal);
    return this.#inTurn(async () => this.#open(key) ?? this.#sendFirst(key, call, doing, fees, options));
  }

  async #sendFirst(key: string, call: ContractTransaction, doing: string, fees: Fees, options: SendOptions) {
    const { signal, onSigning, deadline = null } = options;
    const { address } = this.#wallet;
    // what others with this key have on its way is not counted: two copies then race for one nonce, and one of them wins
    const [used, balance, { timestamp }] = await atOneBlock(this.#provider, () =>
      Promise.all([
        this.#provider.getTransactionCount(address),
        this.#provider.getBalance(address),
        headOf(this.#provider),
      ]),
    );
    // a node that is behind does not count what was mined
    const own = [...this.#journal.shallow(), ...this.#journal.open()];
    const nonce = Math.max(used, ...own.map((intent) => intent.nonce + 1));
    signal?.throwIfAborted();
    const { to, data = '0x', value, gasLimit } = call;
    const wanted = { key, doing, to, data, value: BigInt(value ?? 0n), gas: BigInt(gasLimit!), nonce };
    const most = wanted.value + wanted.gas * fees.maxFee;
    this.#paying.requireBudget(doing, wanted.gas * fees.maxFee, deadline, timestamp);
    if (balance < most) {
      throw new EssaimError('WALLET_FUNDS', `${doing}: the account has ${balance} wei, and this may take ${most}`, {
        help: 'send it some of the chain’s own coin',
        details: { balance, most },
      });
    }
    onSigning?.();
    const attempt = await signForm(this.#wallet, wanted, fees);
    const intent = this.#journal.begin({ ...wanted, deadline, at: 1_000 * timestamp }, attempt);
    this.#watcher('signed', intent);
    await this.#broadcast(intent, attempt);
    return intent;
  }

  async #broadcast(intent: Intent, { raw }: Attempt): Promise<void> {
    const now = performance.now();
    this.#tried.set(intent.id, { at: now, again: now + REFUSED_FOR, missed: 0 });
    try {
      await this.#provider.broadcastTransaction(raw);
    } catch {
      // what a node refuses may be in the pool of another, or in a block: the next look says
      return;
    }
    if (this.#journal.get(intent.id).state === 'signed') this.#move(intent, 'sent');
  }

  #mined(intent: Intent, { receipt, attempt }: Found): void {
    this.#journal.mined(intent.id, receipt.blockNumber, receipt.blockHash, receipt.fee);
    this.#watcher('mined', this.#journal.get(intent.id), receipt.fee);
    this.#settle(intent, attempt.cancels ? 'moot' : receipt);
  }

  #settle({ id }: Intent, outcome: Outcome): void {
    this.#callers.tell(id, outcome);
    this.#tried.delete(id);
  }

  #move(intent: Intent, state: State): void {
    this.#journal.move(intent.id, state);
    this.#watcher(state, this.#journal.get(intent.id));
  }

  async #receipt({ attempts }: Intent): Promise<Found | undefined> {
    for (const attempt of attempts) {
      const receipt = await this.#provider.getTransactionReceipt(attempt.hash);
      if (receipt) return { receipt, attempt };
    }
    return undefined;
  }

  /** One after another: two calls never take the same nonce. */
  #inTurn<T>(work: () => Promise<T> | T): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** The form of an intent that is in a block. */
interface Found {
  readonly receipt: TransactionReceipt;
  readonly attempt: Attempt;
}
