import { EssaimError } from '@essaim/protocol';
import type { LogDescription } from 'ethers';
import { pastLogs } from '../chain/logs.ts';
import type { JobContext } from './context.ts';
import { batchIdOf, type Terms } from './terms.ts';

/** States of Claims. */
export const Claim = { None: 0n, Pending: 1n, Final: 2n, Rejected: 3n } as const;

export interface JobEvent {
  readonly event: LogDescription;
  readonly transaction: string;
}

/** What one look at the chain shows of a job. */
export interface JobView {
  /** Events not seen before, oldest first. */
  readonly events: readonly JobEvent[];
  /** Of the job's batch in Claims. */
  readonly claim: bigint;
  /** By the chain's clock. */
  readonly pastDeadline: boolean;
}

/** Blocks read again at each look, since the last ones may be replaced by others. */
const OVERLAP = 32;

/** Looks at one job again and again. An event that comes back in another block after a reorganisation is not new. */
export class JobWatch {
  readonly #context: JobContext;
  readonly #jobId: string;
  readonly #terms: Terms;
  readonly #seen = new Set<string>();
  #from: number;

  constructor(context: JobContext, jobId: string, terms: Terms, fromBlock: number) {
    this.#context = context;
    this.#jobId = jobId;
    this.#terms = terms;
    this.#from = fromBlock;
  }

  async look(): Promise<JobView> {
    const { provider, contracts } = this.#context;
    const address = await contracts.JobMarket.getAddress();
    const head = await provider.getBlock('latest');
    if (!head)
      throw new EssaimError('CHAIN_FAILED', 'the endpoint knows no latest block', { help: 'try another endpoint' });
    const fromBlock = Math.max(0, Math.min(this.#from, head.number) - OVERLAP);
    const events: JobEvent[] = [];
    const fresh: string[] = [];
    for await (const log of pastLogs(provider, { address, topics: [null, this.#jobId], fromBlock }, head.number)) {
      const key = `${log.transactionHash}/${log.topics[0]}`;
      const event = contracts.JobMarket.interface.parseLog(log);
      if (!event || this.#seen.has(key)) continue;
      events.push({ event, transaction: log.transactionHash });
      fresh.push(key);
    }
    const claim = await contracts.Claims.state(batchIdOf(address, this.#jobId), { blockTag: head.number });
    for (const key of fresh) this.#seen.add(key);
    this.#from = head.number + 1;
    return { events, claim, pastDeadline: BigInt(head.timestamp) > this.#terms.deadline };
  }
}
