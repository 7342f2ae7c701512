import type { Hash } from '@essaim/protocol';
import { describeFailure, type Failure, isPassing, LogFeed, Worklist, watch } from '@essaim/sdk/node';
import { advanceRun, type RunWork } from './advance.ts';
import { Checkpoints } from './checkpoints.ts';
import type { TrainingShop } from './shop.ts';

/** Takes seats of runs, trains their rounds, and is paid. What it does next follows from the chain alone. */
export class Trainer {
  readonly #shop: TrainingShop;
  readonly #runs: Worklist<RunWork>;
  #feed?: LogFeed;

  constructor(shop: TrainingShop) {
    this.#shop = shop;
    this.#runs = new Worklist(shop.essaim.pollingInterval);
  }

  /** Works until the signal is aborted; what fails for a passing reason is tried again, ever more seldom. */
  run(signal: AbortSignal): Promise<void> {
    const { essaim, say } = this.#shop;
    const tell = (failure: Failure) => say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), essaim.pollingInterval, signal, tell);
  }

  /** One look at every run that is not done. */
  async cycle(signal?: AbortSignal): Promise<void> {
    const head = await this.#shop.essaim.provider.getBlockNumber();
    for (const runId of await this.#created(head))
      this.#runs.add(runId, { earned: 0n, unlocked: new Set(), checkpoints: new Checkpoints(), unable: new Set() });
    for (const [runId, work] of this.#runs.due()) {
      if (signal?.aborted) return;
      await this.#work(runId, work, signal);
    }
  }

  async #work(runId: Hash, work: RunWork, signal?: AbortSignal): Promise<void> {
    try {
      if (await advanceRun(this.#shop, runId, work, signal)) this.#runs.delete(runId);
      else this.#runs.succeeded(runId);
    } catch (error) {
      if (signal?.aborted) return;
      const failure = describeFailure(error);
      this.#shop.say({ event: isPassing(error) ? 'retrying' : 'failed', runId, ...failure });
      if (isPassing(error)) this.#runs.postpone(runId);
      else this.#runs.delete(runId);
    }
  }

  async #created(head: number): Promise<Hash[]> {
    const { provider, contracts, deployment } = this.#shop.essaim;
    const { TrainingRegistry } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await TrainingRegistry.getAddress(),
      topics: [TrainingRegistry.getEvent('Created').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    return (await this.#feed.read(head)).map(({ topics }) => topics[1]);
  }
}
