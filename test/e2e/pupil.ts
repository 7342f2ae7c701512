import { join } from 'node:path';
import {
  Answerer,
  Archive,
  closeRuns,
  type ProviderEvent,
  RoundArchive,
  runSource,
  Trainer,
  type TrainingPolicy,
} from '@essaim/provider';
import { openTracer, type Tracer } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { parseEther } from 'ethers';
import type { Role } from '../../scripts/demo/accounts.ts';
import type { Town } from './town.ts';

/** What a trainer does otherwise than an honest one with its defaults. */
export interface Habits extends Pick<TrainingPolicy, 'patience' | 'stepIn'> {
  trace?: (honest: Tracer) => Tracer;
  essaim?: (honest: Essaim) => Essaim;
  /** Its demands are not answered. */
  silent?: boolean;
}

/** A trainer of this process, what it said, and its end. */
export interface Pupil {
  readonly said: ProviderEvent[];
  /** Waits until it said something so many times. */
  times(event: ProviderEvent['event'], count?: number): Promise<void>;
  stop(): Promise<void>;
}

export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));

/** Has a role train one run. */
export function train(town: Town, role: Role, own: Essaim, runId: string, habits: Habits = {}): Pupil {
  const { trace, essaim, silent, patience, stepIn = 0 } = habits;
  const folder = join(town.folder, 'data', role);
  const said: ProviderEvent[] = [];
  const token = town.deployment.addresses.MielToken.toLowerCase();
  const policy = { minimumFee: { [token]: 1n }, maximumCollateral: parseEther('1000'), selfCheck: false };
  const shop = {
    essaim: essaim?.(own) ?? own,
    policy: { ...policy, models: [] },
    trace: trace?.(openTracer()) ?? openTracer(),
    archive: new Archive(folder),
    rounds: new RoundArchive(folder),
    training: { ...policy, runs: [runId], checkpointEvery: 2, publishTraces: true, patience, stepIn },
    data: join(folder, 'datasets'),
    // runs of before are looked at again
    say: (event: ProviderEvent) => 'runId' in event && event.runId === runId && said.push(event),
  };
  const end = new AbortController();
  const work = [new Trainer(shop).run(end.signal)];
  if (!silent) work.push(new Answerer(shop, [runSource(shop)]).run(end.signal));
  const times = async (event: ProviderEvent['event'], count = 1) => {
    while (said.filter((line) => line.event === event).length < count) {
      const broken = said.find((line) => line.event === 'failed');
      if (broken) throw new Error(JSON.stringify(broken));
      await pause();
    }
  };
  const stop = async () => {
    end.abort();
    await Promise.all(work);
    await closeRuns(shop);
  };
  return { said, times, stop };
}
