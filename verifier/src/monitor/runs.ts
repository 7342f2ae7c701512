import { type Essaim, RunState } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import type { Block, Log } from 'ethers';
import type { Alarm } from './alarms.ts';
import { Inbox } from './inbox.ts';

/** Rounds of its length for which a run may stand still. */
const PATIENCE = 2;

/** Alarms on runs that are paid for and do not go on: nobody draws their seed, or nobody makes the next round. */
export class StuckRuns {
  readonly #essaim: Essaim;
  /** Runs, and when they were funded or drawn, in seconds: before, nothing could be done for their rounds. */
  readonly #open = new Map<string, number>();
  readonly #inbox = new Inbox<Log>();
  #feed?: LogFeed;

  constructor(essaim: Essaim) {
    this.#essaim = essaim;
  }

  async look(head: Block): Promise<Alarm[]> {
    const { provider, contracts, deployment } = this.#essaim;
    const { TrainingRegistry } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await TrainingRegistry.getAddress(),
      topics: [
        [TrainingRegistry.getEvent('Funded').fragment.topicHash, TrainingRegistry.getEvent('Drawn').fragment.topicHash],
      ],
      fromBlock: deployment.startBlock,
    });
    await this.#inbox.take(await this.#feed.read(head.number), async ({ topics, blockNumber }) => {
      this.#open.set(topics[1], (await provider.getBlock(blockNumber))?.timestamp ?? head.timestamp);
    });
    const alarms: Alarm[] = [];
    for (const [runId, began] of this.#open) {
      const { state: at, round, rounds, settled, depth, time, roundSeconds } = await TrainingRegistry.run(runId);
      const state = Number(at);
      const since = head.timestamp - Math.max(began, Number(time));
      const limit = PATIENCE * Number(roundSeconds);
      if (state > RunState.Running) this.#open.delete(runId);
      // as many rounds as may be pending are: it waits for their windows
      else if (state === RunState.Running && (round >= rounds || round - settled >= depth)) continue;
      else if (since > limit) {
        const what = state === RunState.Running ? `stands at round ${round} of ${rounds}` : 'is funded and not drawn';
        alarms.push({ alarm: 'stuck', about: runId, message: `run ${runId} ${what} since ${since} s` });
      }
    }
    return alarms;
  }
}
