import type { TensorData } from '../content/inputs.ts';
import type { Model } from '../models.ts';
import type { Terms } from './terms.ts';

/** What to run and for what. Amounts in smallest units of their token. */
export interface JobRequest {
  model: Model;
  /**
   * By its depth: one tensor, for a model of one input (`pixels`); one tensor for each input of the model
   * (`[ids, mask]`); or, for a job of several inputs, a list of those (`[[ids, mask], [ids, mask]]`, and `[[a], [b]]`
   * for a model of one input). A tensor is row-major: a typed array of the input's element type, or numbers.
   */
  inputs: JobInputs;
  /** ERC-20 that fee and royalty are paid in. */
  token: string;
  /** For each input, to the provider. */
  fee: bigint;
  /** For each input, to the model's owner; default: the model's price. */
  royalty?: bigint;
  /** MIEL that the provider puts at stake for this job. */
  collateral: bigint;
  /** Seconds from now within which the result must be there. Default 3,600. */
  within?: number;
  /** Only this provider may accept. */
  provider?: string;
  /**
   * Seals inputs and result: the named provider reads them, and whom the requester hands the job's key. Nobody audits it,
   * and nobody else can demand its bytes. Needs a model that was published blinded.
   */
  sealed?: boolean;
  /** Seals a job on a model that is not blinded too: its inputs can be told by who guesses them. */
  guessable?: boolean;
}

export type JobInputs = TensorData | readonly TensorData[] | readonly (readonly TensorData[])[];

/** A request whose terms are fixed; not yet paid. */
export interface PreparedJob {
  readonly jobId: string;
  readonly terms: Terms;
  /** Escrow that posting takes, in smallest units of the terms' token. */
  readonly cost: bigint;
  /** Of a sealed job: opens its inputs and its result. Keep it: it cannot be made again. */
  readonly key?: string;
}

export const isPrepared = (job: JobRequest | PreparedJob): job is PreparedJob => 'terms' in job;
