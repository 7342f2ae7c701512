import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction, Signer } from 'ethers';
import { send } from '../chain/send.ts';
import { type HandOver, handOver, planAppointment } from '../sealed/hand-over.ts';
import { type CheckedJob, type CheckOptions, checkJob } from './check.ts';
import type { JobContext } from './context.ts';
import { type FollowOptions, followJob } from './follow.ts';
import { planPosting, tryPosting } from './post.ts';
import { type FixedJob, fixJob } from './prepare.ts';
import { isPrepared, type JobRequest, type PreparedJob } from './request.ts';
import type { StageSource } from './run.ts';
import { JobRuns, type StageSources } from './runs.ts';
import { planRefund, planRelease, type Settlement, trySettlement } from './settle.ts';
import { findPosted } from './terms.ts';

/**
 * Buying inferences. What sends a transaction has two twins that send none: `simulate…` and `populate…`.
 *
 * @example
 * ```ts
 * import { parseEther } from 'ethers';
 *
 * const request = { model, inputs: pixels, token, fee: parseEther('2'), collateral: parseEther('100') };
 * const { cost } = await essaim.jobs.simulate(request); // nothing is sent, stored or paid
 * console.log(cost === parseEther('2')); // true
 * const run = essaim.jobs.run(request);
 * for await (const { stage } of run) console.log(stage); // posted, accepted, submitted, result
 * const { jobId } = await run;
 * const { steps, fault } = await essaim.jobs.check(jobId); // all of it, held against the chain
 * console.log(steps.map(({ step }) => step).join(' '), fault); // terms model inputs receipt outputs trace judged null
 * ```
 */
export class Jobs implements StageSources {
  readonly #context: JobContext;
  /** Posts a job and follows it: {@link JobRuns.run}. */
  readonly run: JobRuns['run'];
  /** Follows a job posted earlier, by anyone: {@link JobRuns.follow}. */
  readonly follow: JobRuns['follow'];

  constructor(context: JobContext) {
    this.#context = context;
    ({ run: this.run, follow: this.follow } = new JobRuns(async () => this, context.closed));
  }

  /**
   * Checks the inputs, publishes them and fixes the terms. Nothing is paid. A sealed job's `key` is there before anything is
   * posted. INPUT_…, TERMS_INVALID, STORAGE_…; MODEL_UNBLINDED, SEALING_KEY_UNKNOWN.
   */
  async prepare(request: JobRequest, signal?: AbortSignal): Promise<PreparedJob> {
    const { prepared, publish } = await this.#fix(request, signal);
    await publish(signal);
    return prepared;
  }

  /**
   * Says what posting would do: its cost, or the reason why it would be refused. Nothing is sent, stored or paid. A
   * token that would refuse the transfer itself shows only once it is approved.
   */
  async simulate(job: JobRequest | PreparedJob, signal?: AbortSignal): Promise<PreparedJob> {
    const { prepared } = await this.#fix(job, signal);
    await tryPosting(this.#context, prepared, signal);
    return prepared;
  }

  /** The transactions that post a prepared job, in order: approvals where the allowance is short, then the job. */
  async populate(prepared: PreparedJob): Promise<ContractTransaction[]> {
    const { approvals, post } = await planPosting(this.#context, prepared);
    return [...approvals, post];
  }

  /**
   * Holds a submitted job against the chain, step by step: terms, model, inputs, receipt, outputs, trace, and as many
   * elements as asked for by the arithmetic that the contract would use. JOB_UNKNOWN, JOB_UNSUBMITTED; RESULT_MISMATCH,
   * MODEL_MISMATCH, JOB_INPUTS_MISMATCH where something is not what was committed to.
   */
  check(jobId: string, options: CheckOptions = {}): Promise<CheckedJob> {
    return checkJob(this.#context, jobId, options);
  }

  /**
   * Takes the escrow back: of a late job, of one that nobody has accepted, or of a rejected one, which still pays for its
   * audits. Returns the transaction's hash.
   */
  refund(jobId: string, signal?: AbortSignal): Promise<string> {
    return this.#settle(planRefund(this.#context, jobId), `taking back the money of job ${jobId}`, signal);
  }

  /** What a refund would give back, in smallest units of the job's token; throws what would refuse it. */
  simulateRefund(jobId: string, signal?: AbortSignal): Promise<bigint> {
    return trySettlement(this.#context, planRefund(this.#context, jobId), `a refund of job ${jobId}`, signal);
  }

  /** The transaction of a refund, unsigned. */
  async populateRefund(jobId: string): Promise<ContractTransaction> {
    return (await planRefund(this.#context, jobId)).transaction;
  }

  /** Pays the provider of a good result before the window ends. Returns the transaction's hash. */
  release(jobId: string, signal?: AbortSignal): Promise<string> {
    return this.#settle(planRelease(this.#context, jobId), `releasing the pay of job ${jobId}`, signal);
  }

  /** What a release would let go of, in smallest units of the job's token; throws what would refuse it. */
  simulateRelease(jobId: string, signal?: AbortSignal): Promise<bigint> {
    return trySettlement(this.#context, planRelease(this.#context, jobId), `a release of job ${jobId}`, signal);
  }

  /** The transaction of a release, unsigned. */
  async populateRelease(jobId: string): Promise<ContractTransaction> {
    return (await planRelease(this.#context, jobId)).transaction;
  }

  /**
   * What a verifier of one's choice needs to check a sealed job: its key, and which job it is. Tried first. JOB_OPEN,
   * JOB_KEY_INVALID, SEALED_….
   */
  handOver(jobId: string, key: string, signal?: AbortSignal): Promise<HandOver> {
    return handOver(this.#context, jobId, key, signal);
  }

  /**
   * Lets a verifier demand of a sealed job that was submitted, as its requester may: where its provider serves nothing.
   * Returns the transaction's hash. Availability_NotRequester
   */
  async appoint(jobId: string, verifier: string, signal?: AbortSignal): Promise<string> {
    const transaction = await planAppointment(this.#context, jobId, verifier);
    const { interval } = this.#context;
    return (await send(this.#wallet(), transaction, `appointing ${verifier}`, { signal, interval })).hash;
  }

  /** @internal */
  async posting(job: JobRequest | PreparedJob, options: FollowOptions): Promise<StageSource> {
    return (signal, committed) => this.#post(job, { ...options, signal }, committed);
  }

  /** @internal */
  async following(jobId: string, options: FollowOptions): Promise<StageSource> {
    return (signal, committed) => this.#resume(jobId, { ...options, signal }, committed);
  }

  async *#post(job: JobRequest | PreparedJob, options: Limited, committed: (jobId: string) => void) {
    const { signal } = options;
    const { interval } = this.#context;
    const wallet = this.#wallet();
    const { prepared, publish } = await this.#fix(job, signal);
    const { approvals, post } = await tryPosting(this.#context, prepared, signal);
    await publish(signal);
    const { jobId, terms, key } = prepared;
    for (const approval of approvals) await send(wallet, approval, 'approving the escrow', { signal, interval });
    const onSigning = () => committed(jobId);
    const { hash, blockNumber } = await send(wallet, post, 'posting the job', { signal, interval, onSigning });
    yield { stage: 'posted', jobId, terms, transaction: hash, ...(key && { key }) } as const;
    yield* followJob(this.#context, jobId, terms, blockNumber, { ...options, key: options.key ?? key });
  }

  /** The terms, with the digest that the inputs will have; nothing is stored. */
  async #fix(job: JobRequest | PreparedJob, signal?: AbortSignal): Promise<FixedJob> {
    if (isPrepared(job)) return { prepared: job, publish: async () => undefined };
    return fixJob(this.#context, await this.#wallet().getAddress(), job, signal);
  }

  async *#resume(jobId: string, options: Limited, committed: (jobId: string) => void) {
    const { contracts, startBlock } = this.#context;
    const { terms, transaction, blockNumber } = await findPosted(contracts, jobId, startBlock);
    committed(jobId);
    yield { stage: 'posted', jobId, terms, transaction } as const;
    yield* followJob(this.#context, jobId, terms, blockNumber, options);
  }

  async #settle(settlement: Promise<Settlement>, doing: string, signal?: AbortSignal): Promise<string> {
    const { transaction } = await settlement;
    const { interval } = this.#context;
    return (await send(this.#wallet(), transaction, doing, { signal, interval })).hash;
  }

  #wallet(): Signer {
    if (this.#context.signer) return this.#context.signer;
    throw new EssaimError('WALLET_MISSING', 'this needs an account that signs', { help: 'connect with a signer' });
  }
}

type Limited = FollowOptions & { signal: AbortSignal };
