import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { written } from '@essaim/runtime';
import type { WorkRecord } from './check-rate.ts';

/** What a sponsor knows of a payee. */
export interface Lender extends WorkRecord {
  /** All that it earned, in the token's smallest unit. */
  readonly earned: bigint;
  /** Why it gets no more work; null if it does. */
  readonly barred: string | null;
}

interface Saved {
  lenders: Record<string, { earned: string; accepted: number; failed: number; barred: string | null }>;
  /** What each authorisation earned, by its digest. */
  authorisations: Record<string, string>;
}

const NEW = { earned: '0', accepted: 0, failed: 0, barred: null };

/** What is owed to whom and who can be trusted how far, on disk: a voucher never says less than one before. */
export class LenderLedger {
  readonly #file: string;
  readonly #saved: Saved;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, saved: Saved) {
    this.#file = file;
    this.#saved = saved;
  }

  /** Opens the ledger of one token; a new one if there is none. */
  static async open(file: string): Promise<LenderLedger> {
    await mkdir(dirname(file), { recursive: true });
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      // any other failure must not begin the vouchers anew
      if (cause.code !== 'ENOENT') throw cause;
      return null;
    });
    return new LenderLedger(file, text === null ? { lenders: {}, authorisations: {} } : JSON.parse(text));
  }

  lender(payee: string): Lender {
    const { earned, ...record } = this.#saved.lenders[payee] ?? NEW;
    return { ...record, earned: BigInt(earned) };
  }

  earnedBy(authorisation: string): bigint {
    return BigInt(this.#saved.authorisations[authorisation] ?? 0);
  }

  /** Credits one accepted execution; returns all that the payee earned. */
  async credit(payee: string, authorisation: string, pay: bigint): Promise<bigint> {
    const { earned, accepted } = this.lender(payee);
    this.#saved.authorisations[authorisation] = String(this.earnedBy(authorisation) + pay);
    await this.#set(payee, { earned: String(earned + pay), accepted: accepted + 1 });
    return earned + pay;
  }

  async fail(payee: string): Promise<void> {
    await this.#set(payee, { failed: this.lender(payee).failed + 1 });
  }

  async bar(payee: string, barred: string): Promise<void> {
    await this.#set(payee, { barred });
  }

  #set(payee: string, changed: Partial<Saved['lenders'][string]>): Promise<void> {
    this.#saved.lenders[payee] = { ...(this.#saved.lenders[payee] ?? NEW), ...changed };
    const text = JSON.stringify(this.#saved);
    this.#writing = this.#writing.catch(() => undefined).then(() => written(this.#file, text));
    return this.#writing;
  }
}
