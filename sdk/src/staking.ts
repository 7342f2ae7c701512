import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Signer } from 'ethers';
import { send } from './chain/send.ts';
import type { Contracts } from './contracts/contracts.ts';

/** What an operator has at stake for a client. Amounts in wei of MIEL. */
export interface ProvisionView {
  tokens: bigint;
  locked: bigint;
  thawing: bigint;
  /** Jobs it backs now. */
  held: bigint;
}

/** What a provision stands for: jobs in the market, seats in runs of training, or audits. */
export type StakedFor = 'jobs' | 'training' | 'audits';

/** What is on its way back from stake. Amounts in wei of MIEL. */
export interface TakenBack {
  /** Locked by work that is not final: it can be taken back when that is. */
  readonly locked: bigint;
  /** On its way out of the provision, and then out of stake. */
  readonly thawing: bigint;
  readonly unbonding: bigint;
  /** Free, and kept by a grant that is not all earned yet: less of it day by day. */
  readonly bound: bigint;
  /** Paid out now. */
  readonly paid: bigint;
  /** From when on the next step can be taken, in seconds of chain time; null where there is none. */
  readonly next: number | null;
}

/** Provisions count in milli-MIEL. */
const MILLI = 10n ** 15n;

/**
 * Staking MIEL and granting it to the job market or the training registry.
 *
 * @example
 * ```ts
 * import { formatEther, parseEther } from 'ethers';
 *
 * await essaim.staking.provide(parseEther('5000')); // stakes MIEL and lets the job market lock it
 * const { tokens, locked } = await essaim.staking.provision(account);
 * console.log(formatEther(tokens), locked); // 5000.0 0
 * ```
 */
export class Staking {
  readonly #contracts: Contracts;
  readonly #signer: Signer | undefined;

  constructor(contracts: Contracts, signer?: Signer) {
    this.#contracts = contracts;
    this.#signer = signer;
  }

  /** Stakes `amount` wei of MIEL and provisions all of it to the job market (or training, or audits), Penalties as its slasher. */
  async provide(amount: bigint, signal?: AbortSignal, what: StakedFor = 'jobs'): Promise<void> {
    const { MielToken, StakeManager, Penalties } = this.#contracts;
    const [stake, client, penalties] = await Promise.all(
      [StakeManager, this.#client(what), Penalties].map((c) => c.getAddress()),
    );
    await this.#send(await MielToken.approve.populateTransaction(stake, amount), 'approving MIEL for staking', signal);
    await this.#send(await StakeManager.stake.populateTransaction(amount), 'staking', signal);
    await this.#send(
      await StakeManager.provision.populateTransaction(client, penalties, amount),
      `provisioning stake for ${what}`,
      signal,
    );
  }

  /**
   * Takes whatever steps can be taken now to have all free stake of the signer back: out of the provision, which thaws, then
   * out of stake, which unbonds, then out. Call it again from `next` on. What work has locked stays until it is final, and
   * what a grant binds until it is earned.
   */
  async takeBack(what: StakedFor = 'jobs', signal?: AbortSignal): Promise<TakenBack> {
    const { StakeManager, Penalties } = this.#contracts;
    const owner = await this.#need('taking stake back').getAddress();
    const [client, penalties] = await Promise.all([this.#client(what), Penalties].map((c) => c.getAddress()));
    const provision = async () => {
      const { tokens, locked, thawing, until } = await StakeManager.provisionOf(owner, client, penalties);
      const own = locked < tokens ? locked : tokens;
      return { idle: (tokens - own - thawing) * MILLI, locked: own * MILLI, thawing: thawing * MILLI, until };
    };
    const now = BigInt((await this.#need('taking stake back').provider!.getBlock('latest'))!.timestamp);
    let granted = await provision();
    if (granted.thawing > 0n && now >= granted.until) {
      const call = await StakeManager.deprovision.populateTransaction(client, penalties);
      await this.#send(call, 'taking back what thawed', signal);
      granted = await provision();
    }
    // what thaws already would begin anew
    if (granted.thawing === 0n && granted.idle > 0n) {
      const call = await StakeManager.thawProvision.populateTransaction(client, penalties, granted.idle);
      await this.#send(call, `thawing stake for ${what}`, signal);
      granted = await provision();
    }
    let own = await StakeManager.account(owner);
    let paid = 0n;
    if (own.unbonding > 0n && now >= own.until) {
      await this.#send(await StakeManager.withdraw.populateTransaction(), 'withdrawing what unbonded', signal);
      paid = own.unbonding;
      own = await StakeManager.account(owner);
    }
    const bound = await this.#boundOf(owner, own.free);
    if (own.unbonding === 0n && own.free > bound) {
      const call = await StakeManager.unbond.populateTransaction(own.free - bound);
      await this.#send(call, 'unbonding free stake', signal);
      own = await StakeManager.account(owner);
    }
    const { locked, thawing } = granted;
    const ends = [thawing > 0n ? [granted.until] : [], own.unbonding > 0n ? [own.until] : []].flat();
    const next = ends.length === 0 ? null : Number(ends.reduce((least, end) => (end < least ? end : least)));
    return { locked, thawing, unbonding: own.unbonding, bound, paid, next };
  }

  /** How much of an account's free stake a grant binds: what is provisioned counts towards it first. */
  async #boundOf(owner: string, free: bigint): Promise<bigint> {
    const bound = await this.#contracts.BootstrapGrants.bound(owner);
    if (bound === 0n) return 0n;
    const all = ['jobs', 'training', 'audits'] satisfies StakedFor[];
    const provisions = await Promise.all(all.map((what) => this.provision(owner, what)));
    const rest = provisions.reduce((left, { tokens }) => left - tokens, bound);
    return rest <= 0n ? 0n : rest < free ? rest : free;
  }

  /** What `operator` has at stake for the job market, for training, or for audits. */
  async provision(operator: string, what: StakedFor = 'jobs'): Promise<ProvisionView> {
    const { StakeManager, Penalties } = this.#contracts;
    const [client, penalties] = await Promise.all([this.#client(what), Penalties].map((c) => c.getAddress()));
    const { tokens, locked, thawing, held } = await StakeManager.provisionOf(operator, client, penalties);
    return { tokens: tokens * MILLI, locked: locked * MILLI, thawing: thawing * MILLI, held };
  }

  #client(what: StakedFor) {
    const { JobMarket, TrainingRegistry, AuditPool } = this.#contracts;
    return { jobs: JobMarket, training: TrainingRegistry, audits: AuditPool }[what];
  }

  async #send(call: ContractTransaction, doing: string, signal?: AbortSignal): Promise<void> {
    await send(this.#need(doing), call, doing, { signal });
  }

  #need(doing: string): Signer {
    if (this.#signer) return this.#signer;
    throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
  }
}
