import type { Essaim } from '@essaim/sdk';
import { eventOf } from '@essaim/sdk';
import type { Block } from 'ethers';
import type { Submitted } from './case.ts';
import { type Outlook, windowsSince } from './horizon.ts';
import { LogsSince } from './logs-since.ts';

/** What was submitted for jobs, each once, as far as its window may not be over. */
export class Submissions {
  readonly #essaim: Essaim;
  readonly #logs: LogsSince;

  constructor(
    essaim: Essaim,
    look: Outlook = async (head) => ({ since: await windowsSince(essaim, head), others: [] }),
  ) {
    this.#essaim = essaim;
    const filter = async () => {
      const { JobMarket } = essaim.contracts;
      const { topicHash } = JobMarket.getEvent('Submitted').fragment;
      return { address: await JobMarket.getAddress(), topics: [topicHash] };
    };
    this.#logs = new LogsSince(essaim, filter, look);
  }

  /** What is new up to a block, oldest first. */
  async read(head: Block): Promise<Submitted[]> {
    const { JobMarket } = this.#essaim.contracts;
    return (await this.#logs.read(head)).map((log) => {
      const { jobId, provider, batchRoot, receipt } = eventOf(JobMarket.interface, log)!.args;
      return { jobId, provider, batchRoot, receipt };
    });
  }
}
