import { EssaimError, ListTree, locate } from '@essaim/protocol';
import type { Tracer } from '@essaim/runtime';
import {
  batchIdOf,
  type Essaim,
  fetchInputs,
  fetchReceipt,
  findTerms,
  jobContext,
  pastLogs,
  pause,
  receiptClaim,
  type Terms,
} from '@essaim/sdk';
import { type Conviction, convict } from './convict.ts';
import { fetchTrace } from './evidence.ts';

/** What a verifier found out. */
export type VerifierEvent =
  | { readonly event: 'checked'; readonly jobId: string; readonly provider: string }
  | ({ readonly event: 'convicted'; readonly jobId: string; readonly provider: string } & Conviction)
  | { readonly event: 'failed'; readonly jobId: string; readonly code: string; readonly message: string };

/** A submission as the chain tells it. */
export interface Submitted {
  jobId: string;
  provider: string;
  batchRoot: string;
  receipt: string;
}

/** Re-executes submitted claims and convicts the wrong ones. */
export class Verifier {
  readonly #essaim: Essaim;
  readonly #trace: Tracer;
  readonly #say: (event: VerifierEvent) => void;
  readonly #queue: Submitted[] = [];
  #next: number;

  constructor(essaim: Essaim, trace: Tracer, say: (event: VerifierEvent) => void = () => {}) {
    this.#essaim = essaim;
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

  /** Reads new submissions and checks them, oldest first. */
  async cycle(signal?: AbortSignal): Promise<void> {
    await this.#readSubmitted();
    while (this.#queue.length > 0 && !signal?.aborted) {
      const submission = this.#queue[0];
      try {
        await this.check(submission, signal);
      } catch (error) {
        if (signal?.aborted) return;
        const { code, message } = error instanceof EssaimError ? error : { code: 'INTERNAL', message: String(error) };
        this.#say({ event: 'failed', jobId: submission.jobId, code, message });
      }
      this.#queue.shift();
    }
  }

  /** Re-executes every claim of one submission; convicts the first that is wrong. */
  async check({ jobId, provider, batchRoot, receipt }: Submitted, signal?: AbortSignal): Promise<void> {
    const { contracts, deployment, storage, models } = this.#essaim;
    const client = await contracts.JobMarket.getAddress();
    const terms: Terms = await findTerms(contracts, jobId, deployment.startBlock);
    const model = await models.load(terms.model, terms.programId, signal);
    const inputs = await fetchInputs(storage, model.program, terms, signal);
    const { chainId } = deployment;
    const submission = { chainId, client, jobId, programId: terms.programId, batchRoot, receipt };
    const { claims } = await fetchReceipt(storage, submission, signal);
    for (const [leaf, claim] of claims.entries()) {
      const honest = await this.#trace(model.program, model.onnx, inputs[leaf]);
      if (honest.traceRoot === claim.traceRoot && honest.inputsRoot === claim.inputsRoot) continue;
      const claimed = await fetchTrace(this.#essaim, model.program, inputs[leaf], claim, signal);
      const fault = locate(claimed, (value) => honest.values[value]?.bytes);
      if (!fault) continue;
      const place = {
        context: jobContext(chainId, client, jobId, leaf),
        leaf,
        batch: new ListTree(claims.map((entry, i) => receiptClaim(submission, entry, i))),
      };
      const charge = { batchId: batchIdOf(client, jobId), place, terms, execution: claimed, fault };
      const conviction = await convict(this.#essaim, charge, signal);
      this.#say({ event: 'convicted', jobId, provider, ...conviction });
      return;
    }
    this.#say({ event: 'checked', jobId, provider });
  }

  async #readSubmitted(): Promise<void> {
    const { provider, contracts } = this.#essaim;
    const market = contracts.JobMarket;
    const head = await provider.getBlockNumber();
    const topics = (await market.filters.Submitted().getTopicFilter()) as string[];
    const filter = { address: await market.getAddress(), topics, fromBlock: this.#next };
    for await (const log of pastLogs(provider, filter, head)) {
      const event = market.interface.parseLog(log);
      if (!event) continue;
      const { jobId, provider: by, batchRoot, receipt } = event.args;
      this.#queue.push({ jobId, provider: by, batchRoot, receipt });
    }
    this.#next = Math.max(this.#next, head + 1);
  }
}
