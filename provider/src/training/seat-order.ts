import type { TrainingPolicy } from './policy.ts';

/** Milliseconds that a seat leaves to each one before it. */
const STEP_IN = 60_000;

export const stepIn = ({ stepIn: own = STEP_IN }: Pick<TrainingPolicy, 'stepIn'>): number => own;

/**
 * How many of some seats, in their order, come before one of them; all, where it is none of them. Which one is first moves
 * on with every turn, so that nobody makes all aggregations and nobody computes what another is at.
 */
export function rankOf(seats: readonly number[], seat: number, turn: number): number {
  const at = seats.indexOf(seat);
  return at < 0 ? seats.length : (at + seats.length - (turn % seats.length)) % seats.length;
}
