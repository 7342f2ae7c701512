import { claimHash, EssaimError, listRoot } from '@essaim/protocol';
import type { Trace, Tracer } from '@essaim/runtime';
import {
  batchIdOf,
  type Essaim,
  fetchInputs,
  jobContext,
  pastLogs,
  pause,
  send,
  type Terms,
  termsOf,
} from '@essaim/sdk';
import { ZeroAddress } from 'ethers';
import { publishReceipt } from './publish.ts';
import { selfCheck } from './self-check.ts';

/** What a provider sells for. */
export interface Policy {
  /** Models it serves, by id; empty: any. */
  models: readonly bigint[];
  /** Least fee for one input, in smallest units, by token address (lower case). Other tokens are refused. */
  minimumFee: Readonly<Record<string, bigint>>;
  /** Most MIEL at stake for one job, in wei. */
  maximumCollateral: bigint;
  /** Judge a sample of each trace before committing to it. Turn it off only for a device that was qualified. */
  selfCheck: boolean;
}

/** What happens, for logs and for programs around the provider. */
export type ProviderEvent =
  | { readonly event: 'accepted' | 'lost' | 'paid' | 'rejected'; readonly jobId: string }
  | { readonly event: 'submitted'; readonly jobId: string; readonly receipt: string; readonly engine: string }
  | { readonly event: 'refused' | 'failed'; readonly jobId: string; readonly code: string; readonly message: string };

/** States of JobMarket.job and of Claims.state. */
const Job = { Posted: 1n, Accepted: 2n, Submitted: 3n, Released: 4n } as const;
const Claim = { Final: 2n, Rejected: 3n } as const;

/** Takes jobs, runs them, commits to their traces, and is paid. What it does next follows from the chain alone. */
export class Provider {
  readonly #essaim: Essaim;
  readonly #policy: Policy;
  readonly #trace: Tracer;
  readonly #say: (event: ProviderEvent) => void;
  readonly #open = new Map<string, Terms>();
  #next: number;

  constructor(essaim: Essaim, policy: Policy, trace: Tracer, say: (event: ProviderEvent) => void = () => {}) {
    this.#essaim = essaim;
    this.#policy = policy;
    this.#trace = trace;
    this.#say = say;
    this.#next = essaim.deployment.startBlock;
  }

  /** Works until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.cycle(signal);
      await pause(this.#essaim.pollingInterval, signal).catch(() => undefined);
    }
  }

  /** One look at the chain and everything that follows from it. */
  async cycle(signal?: AbortSignal): Promise<void> {
    await this.#readPosted();
    for (const [jobId, terms] of this.#open) {
      if (signal?.aborted) return;
      try {
        if (await this.#advance(jobId, terms, signal)) this.#open.delete(jobId);
      } catch (error) {
        if (signal?.aborted) return;
        const { code, message } = error instanceof EssaimError ? error : { code: 'INTERNAL', message: String(error) };
        this.#say({ event: 'failed', jobId, code, message });
        this.#open.delete(jobId);
      }
    }
  }

  async #readPosted(): Promise<void> {
    const { provider, contracts } = this.#essaim;
    const market = contracts.JobMarket;
    const head = await provider.getBlockNumber();
    const topics = (await market.filters.Posted().getTopicFilter()) as string[];
    const filter = { address: await market.getAddress(), topics, fromBlock: this.#next };
    for await (const log of pastLogs(provider, filter, head)) {
      const posted = market.interface.parseLog(log);
      if (posted) this.#open.set(posted.args.jobId, termsOf(posted.args.terms));
    }
    this.#next = Math.max(this.#next, head + 1);
  }

  /** Does the next thing for one job; true when there is nothing left to do. */
  async #advance(jobId: string, terms: Terms, signal?: AbortSignal): Promise<boolean> {
    const { contracts } = this.#essaim;
    const { state, provider } = await contracts.JobMarket.job(jobId);
    const mine = provider === (await this.#address());
    if (state === Job.Posted) return !(await this.#take(jobId, terms, signal));
    if (!mine) return true;
    if (state === Job.Accepted) {
      await this.#produce(jobId, terms, signal);
      return false;
    }
    if (state === Job.Submitted || state === Job.Released) return this.#settle(jobId, terms, signal);
    return true;
  }

  /** Accepts a job that is worth it and whose inputs are here; false if it is not for us. */
  async #take(jobId: string, terms: Terms, signal?: AbortSignal): Promise<boolean> {
    const refusal = await this.#refusal(terms);
    if (refusal) {
      this.#say({ event: 'refused', jobId, code: 'POLICY', message: refusal });
      return false;
    }
    const { program } = await this.#essaim.models.load(terms.model, terms.programId, signal);
    await fetchInputs(this.#essaim.storage, program, terms, signal);
    try {
      await this.#send(
        await this.#essaim.contracts.JobMarket.accept.populateTransaction(terms),
        `accepting job ${jobId}`,
        signal,
      );
    } catch (error) {
      if (!(error instanceof EssaimError) || error.code !== 'JobMarket_State') throw error;
      this.#say({ event: 'lost', jobId });
      return false;
    }
    this.#say({ event: 'accepted', jobId });
    return true;
  }

  async #refusal(terms: Terms): Promise<string | null> {
    const { models, minimumFee, maximumCollateral } = this.#policy;
    const least = minimumFee[terms.token.toLowerCase()];
    if (terms.provider !== ZeroAddress && terms.provider !== (await this.#address()))
      return 'asked of another provider';
    if (models.length > 0 && !models.includes(terms.model)) return 'a model that is not served';
    if (least === undefined) return 'a token that is not taken';
    if (terms.fee < least) return `a fee below ${least}`;
    return terms.collateral > maximumCollateral ? `collateral above ${maximumCollateral}` : null;
  }

  /** Runs the job, checks itself, publishes and submits. */
  async #produce(jobId: string, terms: Terms, signal?: AbortSignal): Promise<void> {
    const { storage, models, contracts, deployment } = this.#essaim;
    const model = await models.load(terms.model, terms.programId, signal);
    const inputs = await fetchInputs(storage, model.program, terms, signal);
    const traces: Trace[] = [];
    for (const claim of inputs) {
      signal?.throwIfAborted();
      const trace = await this.#trace(model.program, model.onnx, claim);
      if (this.#policy.selfCheck) selfCheck(trace);
      traces.push(trace);
    }
    const receipt = await publishReceipt(storage, model.program, traces, { runtime: 'onnxruntime' });
    const market = contracts.JobMarket;
    const client = await market.getAddress();
    const call =
      terms.count === 1n
        ? await market.submit.populateTransaction(terms, traces[0].traceRoot, receipt)
        : await market.submitBatch.populateTransaction(
            terms,
            this.#batchRoot(deployment.chainId, client, jobId, traces),
            receipt,
          );
    await this.#send(call, `submitting job ${jobId}`, signal);
    this.#say({ event: 'submitted', jobId, receipt, engine: 'cpu' });
  }

  #batchRoot(chainId: number, client: string, jobId: string, traces: readonly Trace[]): string {
    return listRoot(
      traces.map(({ program, inputsRoot, traceRoot }, position) =>
        claimHash({
          programId: program.id,
          inputsRoot,
          traceRoot,
          context: jobContext(chainId, client, jobId, position),
        }),
      ),
    );
  }

  /** Withdraws what is final; true when the job has ended. */
  async #settle(jobId: string, terms: Terms, signal?: AbortSignal): Promise<boolean> {
    const { contracts } = this.#essaim;
    const state = await contracts.Claims.state(batchIdOf(await contracts.JobMarket.getAddress(), jobId));
    if (state === Claim.Rejected) this.#say({ event: 'rejected', jobId });
    if (state !== Claim.Final) return state === Claim.Rejected;
    await this.#send(
      await contracts.JobMarket.withdraw.populateTransaction(terms),
      `withdrawing the pay of job ${jobId}`,
      signal,
    );
    this.#say({ event: 'paid', jobId });
    return true;
  }

  async #address(): Promise<string> {
    return this.#signer().getAddress();
  }

  #signer() {
    if (this.#essaim.signer) return this.#essaim.signer;
    throw new EssaimError('WALLET_MISSING', 'a provider needs an account that signs', {
      help: 'connect with a signer',
    });
  }

  async #send(call: Parameters<typeof send>[1], doing: string, signal?: AbortSignal) {
    return send(this.#signer(), call, doing, { signal, interval: Math.min(250, this.#essaim.pollingInterval) });
  }
}
