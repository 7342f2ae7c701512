import { type Aim, recordFigure } from '../figures.ts';

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/**
 * Runs both in turn, so that whatever else the machine does meets both alike, and gives the ratio of their medians.
 * Times in milliseconds.
 */
export async function measureRatio(
  subject: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
  rounds: number,
): Promise<{ ratio: number; subject: number; baseline: number }> {
  const times: [number[], number[]] = [[], []];
  for (let i = -2; i < rounds; i++) {
    for (const [which, run] of [subject, baseline].entries()) {
      const began = performance.now();
      await run();
      if (i >= 0) times[which].push(performance.now() - began);
    }
  }
  const [a, b] = times.map(median);
  return { ratio: a / b, subject: a, baseline: b };
}

/** Measures, prints and records one ratio. */
export async function recordRatio(
  name: string,
  aim: Aim,
  rounds: number,
  subject: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
): Promise<void> {
  const { ratio, subject: a, baseline: b } = await measureRatio(subject, baseline, rounds);
  console.log(`${name.padEnd(36)} ${ratio.toFixed(2)}   ${a.toFixed(2)} ms over ${b.toFixed(2)} ms`);
  recordFigure(name, { value: ratio, unit: 'ratio', aim, command: 'npm run bench' });
}
