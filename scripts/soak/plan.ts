import { random } from '../../test/random.ts';
import { KINDS, type Kind } from './kinds.ts';

/** Which job is posted when, for whom, and how it is to be cheated. */
export interface PlannedJob {
  readonly index: number;
  readonly model: Kind['model'];
  /** Which of the honest providers it is for; it means nothing where the job is to be cheated. */
  readonly provider: number;
  readonly kind: Kind | null;
  /** Seed of its inputs. */
  readonly seed: number;
}

export interface PlanOptions {
  readonly jobs: number;
  readonly providers: number;
  readonly seed: number;
}

/** One job in so many is cheated. */
const CHEATED = 100;
/** Of a hundred honest jobs, how many are for which model. */
const SHARES: readonly [Kind['model'], number][] = [
  ['perceptron', 50],
  ['convolutions', 40],
  ['wide', 10],
];

/** The jobs of a soak, the same for the same seed: every kind of cheat at least once, and 1 % of the jobs in all. */
export function planOf({ jobs, providers, seed }: PlanOptions): PlannedJob[] {
  const next = random(seed);
  const cheated = Math.max(KINDS.length, Math.round(jobs / CHEATED));
  if (cheated > jobs) throw new Error(`${jobs} jobs are too few for ${KINDS.length} kinds of cheats`);
  const kinds = new Map<number, Kind>();
  for (let i = 0; i < cheated; i++) {
    // spread evenly, each in its own stretch of the jobs
    const [from, to] = [i, i + 1].map((at) => Math.floor((at * jobs) / cheated));
    kinds.set(from + Math.floor(next() * (to - from)), KINDS[i % KINDS.length]);
  }
  return Array.from({ length: jobs }, (_, index) => {
    const [share, provider, input] = [next() * 100, Math.floor(next() * providers), Math.floor(next() * 2 ** 32)];
    const kind = kinds.get(index) ?? null;
    return { index, model: kind?.model ?? modelAt(share), provider, kind, seed: input };
  });
}

function modelAt(share: number): Kind['model'] {
  let sum = 0;
  for (const [model, part] of SHARES) {
    sum += part;
    if (share < sum) return model;
  }
  return 'perceptron';
}
