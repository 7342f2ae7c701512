import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Signer } from 'ethers';
import { chainFailure } from './chain/reverts.ts';
import { send } from './chain/send.ts';
import type { Contracts } from './contracts/contracts.ts';
import { findTerms } from './jobs/terms.ts';

/** Work that was recorded. Amounts in wei of MIEL. */
export interface EmissionWork {
  operator: string;
  /** Days since 1970 began; it draws when this day is over. */
  day: number;
  /** The most that it draws, to all its recipients together. */
  asks: bigint;
  /** What it draws as the day stands. */
  draws: bigint;
  /** Whether operator and delegators were paid. */
  claimed: boolean;
  /** Places of its data sets that were not paid. */
  unpaidData: number[];
}

/** What the work recorded on a day asks for together, and the most that it draws. In wei of MIEL. */
export interface EmissionDay {
  asked: bigint;
  budget: bigint;
}

const [JOB, RUN] = [1n, 2n];

/**
 * What paid work draws from the emission reserve: recorded once, claimed from the next day on, by anyone.
 *
 * @example
 * ```ts
 * const draws = await essaim.emissions.simulateJob(jobId).catch(({ code }) => code); // in wei of MIEL, once it is paid
 * console.log(draws); // Emissions_NotPaid
 * ```
 */
export class Emissions {
  readonly #contracts: Contracts;
  readonly #startBlock: number;
  readonly #signer: Signer | undefined;

  constructor(contracts: Contracts, startBlock: number, signer?: Signer) {
    this.#contracts = contracts;
    this.#startBlock = startBlock;
    this.#signer = signer;
  }

  /** The most that a job would draw if it were recorded now, in wei; throws what {@link recordJob} would. */
  async simulateJob(jobId: string): Promise<bigint> {
    const terms = await findTerms(this.#contracts, jobId, this.#startBlock);
    const call = this.#contracts.Emissions.recordJob.staticCall(terms);
    return (await this.#read(call, `what job ${jobId} draws`)).asks;
  }

  /**
   * Records a final and paid job; its work has the job's id. JOB_UNKNOWN, Emissions_Token, Emissions_NotPaid,
   * Emissions_Recorded, Emissions_Nothing, WALLET_MISSING.
   */
  async recordJob(jobId: string, signal?: AbortSignal): Promise<void> {
    const terms = await findTerms(this.#contracts, jobId, this.#startBlock);
    const call = await this.#contracts.Emissions.recordJob.populateTransaction(terms);
    await this.#send(call, `recording job ${jobId}`, signal);
  }

  /**
   * Pays everyone who is still owed of some work; returns what left the reserve, in wei. Emissions_Unknown,
   * Emissions_DayOpen, WALLET_MISSING.
   */
  async claim(work: string, signal?: AbortSignal): Promise<bigint> {
    const { Emissions, EmissionReserve } = this.#contracts;
    const { claimed, unpaidData } = await this.work(work);
    const calls = claimed ? [] : [await Emissions.claim.populateTransaction(work)];
    for (const place of unpaidData) {
      const amount = await this.#dataAmount(work, place);
      if (amount > 0n) calls.push(await Emissions.claimData.populateTransaction(work, place));
    }
    const { topicHash } = EmissionReserve.interface.getEvent('Emitted');
    let paid = 0n;
    for (const call of calls) {
      const { logs } = await this.#send(call, `claiming for ${work}`, signal);
      for (const { topics, data } of logs.filter((log) => log.topics[0] === topicHash))
        paid += EmissionReserve.interface.decodeEventLog('Emitted', data, topics).amount;
    }
    return paid;
  }

  /** What was recorded of some work. EMISSION_UNKNOWN. */
  async work(id: string): Promise<EmissionWork> {
    const { Emissions } = this.#contracts;
    const [row, draws] = await this.#read(
      Promise.all([Emissions.workOf(id), Emissions.drawOf(id)]),
      `asking for work ${id}`,
    );
    if (row.kind !== JOB && row.kind !== RUN)
      throw new EssaimError('EMISSION_UNKNOWN', `no work ${id} was recorded`, {
        help: 'record it first: a job under its id, once it is final and paid',
        details: { work: id },
      });
    const isPaid = (bit: number) => ((row.claimed >> BigInt(bit)) & 1n) === 1n;
    const places = await this.#places(row.kind, row.asset);
    return {
      ...{ operator: row.operator, day: Number(row.day), asks: row.asks, draws, claimed: isPaid(0) },
      unpaidData: places.filter((place) => !isPaid(place + 1)),
    };
  }

  /** A day, counted from 1970; default: today, by the chain's last block. */
  async day(number?: number): Promise<EmissionDay> {
    const { Emissions } = this.#contracts;
    const { asked, budget } = await this.#read(Emissions.dayOf(number ?? (await this.today())), 'asking for a day');
    return { asked, budget };
  }

  /** The number of the chain's present day. */
  async today(): Promise<number> {
    const block = await this.#read(
      this.#contracts.Emissions.runner!.provider!.getBlock('latest'),
      'asking for the time',
    );
    return Math.floor(block!.timestamp / 86_400);
  }

  /** What a data set draws; a share can be too small to be any. */
  async #dataAmount(work: string, place: number): Promise<bigint> {
    try {
      return await this.#contracts.Emissions.claimData.staticCall(work, place);
    } catch (cause) {
      const error = await chainFailure(cause, `claiming for ${work}`);
      if (error.code === 'Emissions_Nothing') return 0n;
      throw error;
    }
  }

  async #places(kind: bigint, asset: bigint): Promise<number[]> {
    if (kind === RUN) return asset === 0n ? [] : [0];
    const parents = await this.#read(this.#contracts.Royalties.parentsOf(asset), `asking for asset ${asset}`);
    return [...parents].flatMap(({ version, bps }, place) => (version > 0n && bps > 0n ? [place] : []));
  }

  async #read<T>(asking: Promise<T>, doing: string): Promise<T> {
    return asking.catch(async (cause: unknown) => {
      throw await chainFailure(cause, doing);
    });
  }

  #send(call: ContractTransaction, doing: string, signal?: AbortSignal) {
    if (!this.#signer) throw new EssaimError('WALLET_MISSING', `${doing} needs a signer`, { help: 'connect with one' });
    return send(this.#signer, call, doing, { signal });
  }
}
