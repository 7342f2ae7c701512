import { batchIdOf } from '@essaim/sdk';
import type { Worklist } from '@essaim/sdk/node';
import { LogFeed } from '@essaim/sdk/node';
import type { OpenJob } from './open-jobs.ts';
import type { Shop } from './shop.ts';

/** What the chain's events say of jobs: new and reopened ones, and verdicts on those that are open. */
export class MarketFeed {
  readonly #essaim: Shop['essaim'];
  #feeds?: { jobs: LogFeed; verdicts: LogFeed };

  constructor({ essaim }: Pick<Shop, 'essaim'>) {
    this.#essaim = essaim;
  }

  /** Adds what is new up to a block; a job that was convicted is due. */
  async read(head: number, list: Worklist<OpenJob>): Promise<void> {
    const { provider, contracts, deployment } = this.#essaim;
    const { JobMarket, Claims } = contracts;
    const market = await JobMarket.getAddress();
    if (!this.#feeds) {
      const fromBlock = deployment.startBlock;
      const opened = [JobMarket.getEvent('Posted'), JobMarket.getEvent('Exited')].map((e) => e.fragment.topicHash);
      const rejected = Claims.getEvent('Rejected').fragment.topicHash;
      this.#feeds = {
        jobs: new LogFeed(provider, { address: market, topics: [opened], fromBlock }),
        verdicts: new LogFeed(provider, { address: await Claims.getAddress(), topics: [rejected], fromBlock }),
      };
    }
    for (const log of await this.#feeds.jobs.read(head)) list.add(log.topics[1], { until: 0 });
    const rejected = new Set((await this.#feeds.verdicts.read(head)).map(({ topics }) => topics[1]));
    if (rejected.size === 0) return;
    for (const [jobId, job] of list.all()) if (rejected.has(batchIdOf(market, jobId))) job.until = 0;
  }
}
