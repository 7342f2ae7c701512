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
    if (!this.#signer) throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
    await send(this.#signer, call, doing, { signal });
  }
}
