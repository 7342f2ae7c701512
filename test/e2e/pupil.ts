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
import { inWords, until } from './patience.ts';
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
  /** Throws if it said that something failed. */
  requireWhole(): void;
}

/** Waits until a run is so many rounds on. */
export const untilRound = (
  reader: Essaim,
  runId: string,
  rounds: number,
  pupils: readonly Pupil[] = [],
): Promise<void> =>
  until(
    async () => {
      for (const pupil of pupils) pupil.requireWhole();
      return (await reader.training.history(runId)).current.round >= rounds;
    },
    () => pupils.map(({ said }) => said),
  );

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
  const requireWhole = () => {
    if (said.some((line) => line.event === 'failed')) throw new Error(`${role} failed: ${inWords(said)}`);
  };
  const times = (event: ProviderEvent['event'], count = 1) =>
    until(
      () => {
        requireWhole();
        return said.filter((line) => line.event === event).length >= count;
      },
      () => ({ role, event, said }),
    );
  const stop = async () => {
    end.abort();
    await Promise.all(work);
    await closeRuns(shop);
  };
  return { said, times, stop, requireWhole };
}
