import crypto from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { parseEther } from 'ethers';
import type { Hive } from './hive.ts';
import { inputOf } from './models.ts';
import type { PlannedJob } from './plan.ts';

export const FEE = parseEther('2');
const COLLATERAL = parseEther('100');
const GAS = 500_000n;
const MAX_FEE = 10n ** 11n;
/** Seconds: an hour's jobs are taken within it though a provider lies down now and then. */
const WITHIN = 3_600;

/** A job that was posted. */
export interface PostedJob extends PlannedJob {
  readonly jobId: string;
  /** What posting it took, in wei of MIEL. */
  readonly cost: bigint;
}

/** Posts jobs as a requester does, without waiting for one before the next. */
export class Poster {
  readonly #hive: Hive;
  #nonce?: Promise<number>;

  constructor(hive: Hive) {
    this.#hive = hive;
  }

  async post(job: PlannedJob): Promise<PostedJob> {
    const { requester, models, hands, token } = this.#hive;
    const model = models[job.model];
    const count = job.kind?.count ?? 1;
    const inputs = Array.from({ length: count }, (_, i) => inputOf(job.model, model.program, job.seed + i));
    const { jobId, terms, cost } = await requester.jobs.prepare({
      ...{ model, token, fee: FEE, collateral: COLLATERAL, within: WITHIN },
      inputs: count === 1 ? inputs : inputs.map((each) => [each]),
      provider: this.#seller(job),
    });
    if (job.kind) this.#tell(job, inputs.at(-1)!);
    const call = await requester.contracts.JobMarket.post.populateTransaction(terms);
    const fees = { maxFeePerGas: MAX_FEE, maxPriorityFeePerGas: 10n ** 9n, gasLimit: GAS };
    await hands.requester.sendTransaction({ ...call, ...fees, chainId: 31337, type: 2, nonce: await this.#next() });
    return { ...job, jobId, cost };
  }

  #seller({ kind, provider }: PlannedJob): string {
    const { cheat, silent, providers } = this.#hive.hands;
    if (!kind) return providers[provider].address;
    return (kind.name === 'silence' ? silent : cheat).address;
  }

  /** Lets the cheat know what to do with this input. */
  #tell({ kind, seed }: PlannedJob, input: Float32Array): void {
    const hash = crypto.hash('sha256', Buffer.from(input.buffer, input.byteOffset, input.byteLength), 'hex');
    appendFileSync(this.#hive.planFile, `${JSON.stringify({ input: hash, kind: kind!.name, seed })}\n`);
  }

  #next(): Promise<number> {
    const { chain, hands } = this.#hive;
    const next = (this.#nonce ?? chain.getTransactionCount(hands.requester.address)).then(async (nonce) => nonce);
    this.#nonce = next.then((nonce) => nonce + 1);
    return next;
  }
}
