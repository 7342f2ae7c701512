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

/** Provisions count in milli-MIEL. */
const MILLI = 10n ** 15n;

/** Staking MIEL and granting it to the job market. */
export class Staking {
  readonly #contracts: Contracts;
  readonly #signer: Signer | undefined;

  constructor(contracts: Contracts, signer?: Signer) {
    this.#contracts = contracts;
    this.#signer = signer;
  }

  /** Stakes `amount` wei of MIEL and provisions all of it to the job market, with Penalties as the slasher. */
  async provide(amount: bigint, signal?: AbortSignal): Promise<void> {
    const { MielToken, StakeManager, JobMarket, Penalties } = this.#contracts;
    const [stake, market, penalties] = await Promise.all(
      [StakeManager, JobMarket, Penalties].map((c) => c.getAddress()),
    );
    await this.#send(await MielToken.approve.populateTransaction(stake, amount), 'approving MIEL for staking', signal);
    await this.#send(await StakeManager.stake.populateTransaction(amount), 'staking', signal);
    await this.#send(
      await StakeManager.provision.populateTransaction(market, penalties, amount),
      'provisioning the job market',
      signal,
    );
  }

  /** What `operator` has at stake for the job market. */
  async provision(operator: string): Promise<ProvisionView> {
    const { StakeManager, JobMarket, Penalties } = this.#contracts;
    const [market, penalties] = await Promise.all([JobMarket, Penalties].map((c) => c.getAddress()));
    const { tokens, locked, thawing, held } = await StakeManager.provisionOf(operator, market, penalties);
    return { tokens: tokens * MILLI, locked: locked * MILLI, thawing: thawing * MILLI, held };
  }

  async #send(call: ContractTransaction, doing: string, signal?: AbortSignal): Promise<void> {
    if (!this.#signer) throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
    await send(this.#signer, call, doing, { signal });
  }
}
