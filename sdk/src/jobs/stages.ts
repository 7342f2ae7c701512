import type { Output } from './result.ts';
import type { Terms } from './terms.ts';

/** What happens to a job, in order. Amounts in smallest units, times in seconds; `key` is a sealed job's. */
export type JobStage =
  | {
      readonly stage: 'posted';
      readonly jobId: string;
      readonly terms: Terms;
      readonly transaction: string;
      readonly key?: string;
    }
  | { readonly stage: 'accepted'; readonly provider: string }
  /** The provider left within its free exit: the job is open again. */
  | { readonly stage: 'reopened'; readonly provider: string }
  | { readonly stage: 'submitted'; readonly provider: string; readonly batchRoot: string; readonly transaction: string }
  /** One list of outputs for each input; every byte was checked against the commitment on chain. */
  | { readonly stage: 'result'; readonly outputs: readonly (readonly Output[])[] }
  /** A verifier proved one number wrong: the fee can be claimed back. */
  | { readonly stage: 'rejected'; readonly challenger: string; readonly leaf: number }
  /** No result came by the deadline: the fee can be claimed back. */
  | { readonly stage: 'late' }
  /** The requester took the job back before anyone accepted it. */
  | { readonly stage: 'cancelled' }
  /** The money went back already; `burned` of it did not (an input outside what the model declares). */
  | { readonly stage: 'refunded'; readonly amount: bigint; readonly burned: bigint }
  /** The window is over and nobody showed a fault: the result stands. */
  | { readonly stage: 'final' };

/** What a finished run gives: the outputs of each input, and whether the result already stands. */
export interface JobResult {
  readonly jobId: string;
  readonly provider: string;
  readonly outputs: readonly (readonly Output[])[];
  /** Of a sealed job that this run posted: opens its inputs and its result. */
  readonly key?: string;
  /** False: still open to challenge. */
  readonly final: boolean;
}
