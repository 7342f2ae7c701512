import type { DisputeContext } from './context.ts';
import { explainConviction } from './explain.ts';
import { explainInputFault } from './input.ts';
import type { Conviction, InputFault } from './types.ts';

/** Verdicts in words: read from the chain alone, and found again here by the judges' twins, which the SDK loads with this part. */
export class Disputes {
  readonly #context: DisputeContext;

  constructor(context: DisputeContext) {
    this.#context = context;
  }

  /**
   * Why a batch was rejected: the operator, the element, claimed against permitted, or the form, or the silence; who
   * challenged; and where the executor's lock went. Null where it is not rejected. FAULT_PROOF_INVALID where the bytes
   * that the endpoint shows do not open the batch.
   */
  async conviction(batchId: string): Promise<Conviction | null> {
    return explainConviction(this.#context, batchId);
  }

  /** Why a job was ended at its requester's cost, its input being outside what the program declares; null if it was not. */
  async inputFault(jobId: string): Promise<InputFault | null> {
    return explainInputFault(this.#context, jobId);
  }
}
