import { batchIdOf } from '@essaim/sdk';
import type { Worklist } from '@essaim/sdk/node';
import { LogFeed } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import type { OpenJob } from './open-jobs.ts';
import { Openings } from './openings.ts';
import type { Shop } from './shop.ts';

/** What the chain's events say of jobs: new and reopened ones, and verdicts on those that are open. */
export class MarketFeed {
  readonly #essaim: Shop['essaim'];
  #feeds?: { openings: Openings; verdicts: LogFeed };

  constructor({ essaim }: Pick<Shop, 'essaim'>) {
    this.#essaim = essaim;
  }

  /** Adds what is new for an account up to a block; a job that was convicted is due. */
  async read(head: Block, account: string, list: Worklist<OpenJob>): Promise<void> {
    const { provider, contracts, deployment } = this.#essaim;
    const { JobMarket, Claims } = contracts;
    const market = await JobMarket.getAddress();
    this.#feeds ??= {
      openings: new Openings(this.#essaim, account),
      verdicts: new LogFeed(provider, {
        address: await Claims.getAddress(),
        topics: [Claims.getEvent('Rejected').fragment.topicHash],
        fromBlock: deployment.startBlock,
      }),
    };
    for (const { jobId, ...opening } of await this.#feeds.openings.read(head))
      list.add(jobId, { until: 0, ...opening });
    const rejected = new Set((await this.#feeds.verdicts.read(head.number)).map(({ topics }) => topics[1]));
    if (rejected.size === 0) return;
    for (const [jobId, job] of list.all()) if (rejected.has(batchIdOf(market, jobId))) job.until = 0;
  }
}
