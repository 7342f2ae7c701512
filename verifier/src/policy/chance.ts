/** What may be spent on claims that nobody is assigned to, within an hour. */
export interface Budget {
  /** Claims run again. */
  readonly executions?: number;
  /** Seconds of running them. */
  readonly seconds?: number;
}

/** A batch as the draw sees it. */
export interface Candidate {
  /** MIEL that a wrong claim in it puts at risk: fee, lock and bounty. */
  readonly value: number;
  /** From 0 to 1. */
  readonly doubt: number;
  /** What looking at it takes. */
  readonly executions: number;
  readonly seconds: number;
}

/** No batch is safe from being looked at: the least chance, whatever it is worth and whoever made it. */
export const FLOOR = 0.01;

const weightOf = ({ value, doubt }: Candidate): number => value * doubt;
const chanceAt = (scale: number, candidate: Candidate): number =>
  Math.min(1, Math.max(FLOOR, scale * weightOf(candidate)));

/** Halvings by which the scale is found. */
const TURNS = 60;

/**
 * The chance with which one batch is looked at, so that of all that came within its hour as much is looked at on average
 * as the budget has room for, each by what it puts at risk and how much its executor is doubted. 1 without a budget.
 */
export function chanceOf(candidate: Candidate, hour: readonly Candidate[], budget: Budget): number {
  const chances = [
    budgeted(candidate, hour, budget.executions, ({ executions }) => executions),
    budgeted(candidate, hour, budget.seconds, ({ seconds }) => seconds),
  ];
  return Math.min(...chances);
}

function budgeted(
  candidate: Candidate,
  hour: readonly Candidate[],
  room: number | undefined,
  costOf: (each: Candidate) => number,
): number {
  if (room === undefined) return 1;
  const spent = (scale: number) => hour.reduce((sum, each) => sum + chanceAt(scale, each) * costOf(each), 0);
  // by this scale everything is looked at
  const lightest = Math.min(...hour.map(weightOf).filter((weight) => weight > 0));
  let high = Number.isFinite(lightest) ? 1 / lightest : 0;
  if (spent(high) <= room) return high > 0 && weightOf(candidate) > 0 ? 1 : chanceAt(high, candidate);
  let low = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const middle = (low + high) / 2;
    if (spent(middle) <= room) low = middle;
    else high = middle;
  }
  return chanceAt(low, candidate);
}
