import { EssaimError } from '@essaim/protocol';
import { pause } from '@essaim/sdk';
import type { Block, Provider } from 'ethers';
import { capAt, type FeeRules, type Fees, feesFor, raised } from './fees.ts';
import type { Attempt, Journal } from './journal.ts';

export interface PayingRules extends FeeRules {
  /** Milliseconds between two looks at the chain. */
  readonly interval: number;
  /** Wei for gas within a day, above which nothing is begun whose deadline is not near. */
  readonly dailyGas?: bigint;
}

const DAY = 86_400_000;

/** The newest block. CHAIN_FAILED */
export async function headOf(provider: Provider): Promise<Block> {
  const head = await provider.getBlock('latest');
  if (head) return head;
  throw new EssaimError('CHAIN_FAILED', 'no latest block', { help: 'try another endpoint' });
}

/** Decides what is paid for gas. */
export class Paying {
  readonly #provider: Provider;
  readonly #journal: Journal;
  readonly #rules: PayingRules;

  constructor(provider: Provider, journal: Journal, rules: PayingRules) {
    this.#provider = provider;
    this.#journal = journal;
    this.#rules = rules;
  }

  /** Waits until the fee is below the cap. CHAIN_FEE_CAPPED */
  async affordable(doing: string, deadline: number | null, limit: number, signal?: AbortSignal): Promise<Fees> {
    for (;;) {
      const head = await headOf(this.#provider);
      const cap = capAt(this.#rules, deadline, head.timestamp);
      const fees = feesFor(head, await this.#tip(), cap);
      if (fees) return fees;
      if (performance.now() > limit) {
        throw new EssaimError(
          'CHAIN_FEE_CAPPED',
          `${doing}: the base fee of ${head.baseFeePerGas} wei is above the cap of ${cap}`,
          {
            help: 'it is tried again when the fee falls or a deadline is near; --max-fee and --urgent-fee set the caps',
            details: { baseFee: head.baseFeePerGas, cap },
          },
        );
      }
      await pause(this.#rules.interval, signal);
    }
  }

  /** Fees that replace earlier ones of a nonce; undefined where they would be above the cap. */
  async more(last: Attempt, nonce: number, head: Block): Promise<Fees | undefined> {
    const cap = capAt(this.#rules, this.#deadlineFrom(nonce), head.timestamp);
    return raised(last, feesFor(head, await this.#tip(), cap), cap);
  }

  /** CHAIN_GAS_BUDGET if the day's gas would be more than it may at chain time `now`, and no deadline is near. */
  requireBudget(doing: string, more: bigint, deadline: number | null, now: number): void {
    const { dailyGas, urgentBefore } = this.#rules;
    if (dailyGas === undefined) return;
    const isUrgent = deadline !== null && now >= deadline - urgentBefore;
    const spent = this.#journal.spentSince(1_000 * now - DAY);
    if (isUrgent || spent + more <= dailyGas) return;
    throw new EssaimError(
      'CHAIN_GAS_BUDGET',
      `${doing} may take ${more} wei of gas, and ${spent} were spent within a day`,
      {
        help: 'it is tried again tomorrow, or when its deadline is near; --daily-gas sets the budget',
        details: { more, spent, budget: dailyGas },
      },
    );
  }

  /** The nearest deadline of what waits for this nonce. */
  #deadlineFrom(nonce: number): number | null {
    const waiting = this.#journal.open().filter((other) => other.nonce >= nonce && other.deadline !== null);
    return waiting.length === 0 ? null : Math.min(...waiting.map(({ deadline }) => deadline!));
  }

  async #tip(): Promise<bigint> {
    return (await this.#provider.getFeeData()).maxPriorityFeePerGas ?? 10n ** 9n;
  }
}
