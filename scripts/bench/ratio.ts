import { type Aim, recordFigure } from '../figures.ts';

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** Milliseconds by some clock. */
export type Clock = () => number;

/** Processor time of this process with all its threads: on a machine that does other things too, what the work itself takes. */
export const processorTime: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Runs both in turn, so that whatever else the machine does meets both alike, and gives the ratio of their medians.
 * Times in milliseconds.
 */
export async function measureRatio(
  subject: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
  rounds: number,
  clock: Clock = () => performance.now(),
): Promise<{ ratio: number; subject: number; baseline: number }> {
  const times: [number[], number[]] = [[], []];
  for (let i = -2; i < rounds; i++) {
    for (const [which, run] of [subject, baseline].entries()) {
      const began = clock();
      await run();
      if (i >= 0) times[which].push(clock() - began);
    }
  }
  const [a, b] = times.map(median);
  return { ratio: a / b, subject: a, baseline: b };
}

/** Measures the ratio of two processor times, prints and records it. */
export async function recordRatio(
  name: string,
  aim: Aim,
  rounds: number,
  subject: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
): Promise<void> {
  const { ratio, subject: a, baseline: b } = await measureRatio(subject, baseline, rounds, processorTime);
  console.log(`${name.padEnd(36)} ${ratio.toFixed(2)}   ${a.toFixed(2)} ms over ${b.toFixed(2)} ms`);
  recordFigure(name, { value: ratio, unit: 'ratio', aim, command: 'npm run bench' });
}
