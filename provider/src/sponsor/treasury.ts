import type { Essaim, Voucher } from '@essaim/sdk';
import { describeFailure } from '@essaim/sdk/node';
import type { SponsorEvent } from './events.ts';
import type { Lender } from './ledger.ts';
import { FUNDED_AFTER, LUMP, type SponsorPolicy, STANDS } from './policy.ts';

/** Pays lenders: a voucher for each result, and an escrow behind the vouchers of who worked for a while. */
export class Treasury {
  readonly #essaim: Essaim;
  readonly #policy: Pick<SponsorPolicy, 'token' | 'pay'>;
  readonly #say: (event: SponsorEvent) => void;
  readonly #funding = new Map<string, Promise<void>>();

  constructor(essaim: Essaim, policy: Pick<SponsorPolicy, 'token' | 'pay'>, say: (event: SponsorEvent) => void) {
    this.#essaim = essaim;
    this.#policy = policy;
    this.#say = say;
  }

  /** Signs for all that a payee earned. */
  voucher(payee: string, earned: bigint): Promise<Voucher> {
    return this.#essaim.vouchers.sign(payee, this.#policy.token, earned);
  }

  /** Sees to it, in the background, that what a payee earned lies in escrow. */
  back(payee: string, { earned, accepted }: Lender): void {
    if (accepted < FUNDED_AFTER || this.#funding.has(payee)) return;
    const funding = this.#fund(payee, earned)
      .catch((error) => this.#say({ event: 'not-escrowed', payee, ...describeFailure(error) }))
      .finally(() => this.#funding.delete(payee));
    this.#funding.set(payee, funding);
  }

  /** Waits for what is being put in escrow. */
  async settled(): Promise<void> {
    await Promise.all(this.#funding.values());
  }

  async #fund(payee: string, earned: bigint): Promise<void> {
    const { vouchers, provider, signer } = this.#essaim;
    const { token, pay } = this.#policy;
    const { funded, until } = await vouchers.escrow({ payer: await signer!.getAddress(), payee, token });
    if (funded >= earned) return;
    const lump = pay * LUMP;
    const amount = earned - funded > lump ? earned - funded : lump;
    const head = await provider.getBlock('latest');
    await vouchers.fund(payee, token, amount, Math.max(until, head!.timestamp + STANDS));
    this.#say({ event: 'escrowed', payee, amount });
  }
}
