import { AUDIT_TERM, EssaimError, MILLI_MIEL } from '@essaim/protocol';
import type { ContractTransaction, Provider, Signer, TransactionReceipt } from 'ethers';
import { chainFailure } from './chain/reverts.ts';
import { send } from './chain/send.ts';
import type { Contracts } from './contracts/contracts.ts';
import { recordRandom } from './training/random-round.ts';

/** An auditor's place among those that are drawn. */
export interface AuditSeat {
  seat: number;
  /** What misses are burned from, in wei of MIEL. */
  bond: bigint;
  /** Audits that it submitted. */
  audits: number;
  /** Its part of the draws of batches that are submitted now: its weight, and that of all. */
  weight: bigint;
  total: bigint;
  /** Second from which it can be closed; null while it was not left. */
  closes: number | null;
}

interface AuditContext {
  readonly contracts: Contracts;
  readonly provider: Provider;
  readonly signer?: Signer;
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
}

/**
 * Seats of auditors and what they earned. Doing audits is the verifier's: it re-executes.
 *
 * @example
 * ```ts
 * import { parseEther } from 'ethers';
 *
 * await essaim.staking.provide(parseEther('2000'), undefined, 'audits');
 * await essaim.audits.enroll(); // drawn from the next term on
 * console.log((await essaim.audits.seat(account))?.audits); // 0
 * ```
 */
export class Audits {
  readonly #context: AuditContext;

  constructor(context: AuditContext) {
    this.#context = context;
  }

  /** Takes a seat, drawn from the next term on. AuditPool_Seat, AuditPool_Full, StakeManager_Insufficient, WALLET_MISSING */
  async enroll(signal?: AbortSignal): Promise<void> {
    await this.#send(this.#pool.enroll.populateTransaction(), 'taking an auditor’s seat', signal);
  }

  /** Leaves the seat from the next term on. AuditPool_Seat, WALLET_MISSING */
  async resign(signal?: AbortSignal): Promise<void> {
    await this.#send(this.#pool.resign.populateTransaction(), 'leaving an auditor’s seat', signal);
  }

  /** Gives the bond of a seat that was left back. AuditPool_Term, AuditPool_Seat, WALLET_MISSING */
  async close(auditor: string, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#pool.close.populateTransaction(auditor), 'closing an auditor’s seat', signal);
  }

  /** Weighs an auditor's stake anew, from the next term on. AuditPool_Seat, WALLET_MISSING */
  async refresh(auditor: string, signal?: AbortSignal): Promise<void> {
    await this.#send(this.#pool.refresh.populateTransaction(auditor), 'weighing an auditor', signal);
  }

  /** An account's seat, or null. */
  async seat(auditor: string): Promise<AuditSeat | null> {
    const number = await this.#pool.seatOf(auditor).catch(async (cause) => {
      const error = await chainFailure(cause, `asking for the seat of ${auditor}`);
      if (error.code === 'AuditPool_Seat') return null;
      throw error;
    });
    if (number === null) return null;
    const head = await this.#context.provider.getBlock('latest');
    const term = (await this.#pool.termOf(head!.timestamp)) - 1n;
    const [{ bond, left, audits }, [weight, total]] = await Promise.all([
      this.#pool.seatAt(number),
      this.#pool.weightAt(number, term),
    ]);
    const closes = left === 0n ? null : (Number(left) + 2) * AUDIT_TERM;
    return { seat: Number(number), bond: bond * MILLI_MIEL, audits: Number(audits), weight, total, closes };
  }

  /** What an account is owed of a token, in its smallest unit. */
  owed(token: string, account: string): Promise<bigint> {
    return this.#pool.owed(token, account);
  }

  /** Pays an account what it is owed, as far as the pool has it; returns how much. AuditPool_Nothing, WALLET_MISSING */
  async collect(token: string, account: string, signal?: AbortSignal): Promise<bigint> {
    const call = this.#pool.collect.populateTransaction(token, account);
    const { logs } = await this.#send(call, `collecting what ${account} is owed for audits`, signal);
    const pool = await this.#pool.getAddress();
    // the market pays the pool by an event of the same form
    const own = logs.filter(({ address }) => address === pool);
    const event = own.map((log) => this.#pool.interface.parseLog(log)).find((entry) => entry?.name === 'Collected');
    return event?.args.amount ?? 0n;
  }

  /** Records the value of a draw's round unless somebody did; false while its block is not there yet. WALLET_MISSING */
  record(round: number, signal?: AbortSignal): Promise<boolean> {
    return recordRandom(this.#context, round, signal);
  }

  get #pool() {
    return this.#context.contracts.AuditPool;
  }

  async #send(call: Promise<ContractTransaction>, doing: string, signal?: AbortSignal): Promise<TransactionReceipt> {
    const { signer, interval } = this.#context;
    if (!signer) throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
    return send(signer, await call, doing, { signal, interval: Math.min(250, interval) });
  }
}
