import { EssaimError, type Hash } from '@essaim/protocol';
import { allLogs, type Essaim } from '@essaim/sdk';
import { type ContractTransaction, formatEther, type TransactionReceipt, zeroPadValue } from 'ethers';
import type { Told, VerifierEvent } from './events.ts';

/** Gas of an accusation, the dearest proof that the gas table allows, and the collection of its slash. */
const CONVICTION = 2_400_000n;
/** Gas of an accusation and a collection. */
const AROUND = 500_000n;
/** Gas of a proof that is not simulated: what it costs whatever it shows, and for each of its bytes. */
const [PROOF, BYTE] = [600_000n, 42n];

/** What one case has cost: gas, and bonds that come back only if it is won or once its batch has ended. In wei. */
interface Spent {
  readonly gas: bigint;
  readonly bonds: bigint;
}

/**
 * The most coin that one case may take, from its first demand to its conviction: gas and bonds. A challenger locks no
 * collateral. A demand is posted only if what it leaves still pays for a conviction. For one that is sure to win, its
 * bonds are not counted: they come back with it. What was demanded is read from the chain, so a restart forgets nothing.
 */
export class CaseBudget {
  readonly #essaim: Essaim;
  readonly #account: string;
  readonly #most: bigint;
  readonly #say: (event: VerifierEvent) => void;
  /** Fees of transactions by hash, and of this process's accusations and proofs by batch. */
  readonly #fees = new Map<string, bigint>();
  readonly #noted = new Map<Hash, bigint>();
  readonly #told = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param most wei */
  constructor(essaim: Essaim, account: string, most: bigint, say: (event: VerifierEvent) => void = () => {}) {
    this.#essaim = essaim;
    this.#account = account;
    this.#most = most;
    this.#say = say;
  }

  /** Posts a demand, one at a time; WALLET_CHALLENGE_BUDGET, and nothing is posted, where it would leave too little to convict with. */
  spend<T>(batchId: Hash, told: Told, call: ContractTransaction, post: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      await this.#requireDemand(batchId, told, call);
      return post();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #requireDemand(batchId: Hash, told: Told, call: ContractTransaction): Promise<void> {
    const { signer } = this.#essaim;
    const [price, gas, spent] = await Promise.all([
      this.#price(),
      signer ? signer.estimateGas(call) : 0n,
      this.spent(batchId),
    ]);
    const needed = (gas + CONVICTION) * price + BigInt(call.value ?? 0n);
    this.#require(batchId, told, { needed, spent: spent.gas + spent.bonds, isSure: false });
  }

  /** WALLET_CHALLENGE_BUDGET where a conviction that is sure costs more gas than is left, its bonds not counted. */
  async requireConviction(
    batchId: Hash,
    told: Told,
    proof: Uint8Array,
    simulation?: ContractTransaction,
  ): Promise<void> {
    const { provider } = this.#essaim;
    const [price, gas, spent] = await Promise.all([
      this.#price(),
      simulation ? provider.estimateGas(simulation) : PROOF + BYTE * BigInt(proof.length),
      this.spent(batchId),
    ]);
    this.#require(batchId, told, { needed: (gas + AROUND) * price, spent: spent.gas, isSure: true });
  }

  /** Notes a transaction of a case that is not a demand. */
  note(batchId: Hash, { fee }: TransactionReceipt): void {
    this.#noted.set(batchId, (this.#noted.get(batchId) ?? 0n) + fee);
  }

  /** What a case has cost so far. */
  async spent(batchId: Hash): Promise<Spent> {
    const { provider, contracts, deployment } = this.#essaim;
    const { Availability } = contracts;
    const [address, fromBlock] = [await Availability.getAddress(), deployment.startBlock];
    const { topicHash } = Availability.getEvent('Demanded').fragment;
    const logs = await allLogs(provider, {
      ...{ address, fromBlock },
      topics: [topicHash, null, batchId, zeroPadValue(this.#account, 32)],
    });
    let [gas, bonds] = [this.#noted.get(batchId) ?? 0n, 0n];
    for (const log of logs) {
      bonds += Availability.interface.parseLog(log)!.args.bond;
      gas += await this.#feeOf(log.transactionHash);
    }
    return { gas, bonds };
  }

  async #feeOf(transaction: string): Promise<bigint> {
    const known = this.#fees.get(transaction);
    if (known !== undefined) return known;
    const receipt = await this.#essaim.provider.getTransactionReceipt(transaction);
    if (receipt) this.#fees.set(transaction, receipt.fee);
    return receipt?.fee ?? 0n;
  }

  #require(
    batchId: Hash,
    told: Told,
    { needed, spent, isSure }: { needed: bigint; spent: bigint; isSure: boolean },
  ): void {
    if (spent + needed <= this.#most) return;
    const [most, now, more] = [this.#most, spent, needed].map(formatEther);
    const what = isSure ? 'a conviction that is sure to win' : 'a demand and the conviction after it';
    const error = new EssaimError(
      'WALLET_CHALLENGE_BUDGET',
      `${what} may take ${more} beside ${now} that this case has taken: more than the ${most} of a challenge`,
      {
        help: 'it is tried again until its window ends, and done if the fee falls; a larger --challenge-budget does it now',
        details: { budget: this.#most, spent, needed },
      },
    );
    if (!this.#told.has(`${batchId} ${isSure}`)) {
      const { code, message, help } = error;
      this.#say({ event: 'over-budget', ...told, isSure, code, message, help });
      this.#told.add(`${batchId} ${isSure}`);
    }
    throw error;
  }

  /** Wei for a unit of gas now. */
  async #price(): Promise<bigint> {
    const { gasPrice, maxFeePerGas } = await this.#essaim.provider.getFeeData();
    return gasPrice ?? maxFeePerGas ?? 0n;
  }
}
