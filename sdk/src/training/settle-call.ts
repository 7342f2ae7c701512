import type { ITrainingRegistry } from '../generated/types/contracts/training/TrainingRegistry.ts';
import type { RunHistory, RunRound } from './history.ts';

/** What {ITrainingRegistry-settle} takes of a round that has ended. */
export function roundArgument(history: RunHistory, { round, turn, parent, submitted, made }: RunRound) {
  const next = history.rounds[round + 1];
  const contributions =
    made?.kind === 'aggregation'
      ? made.contributions
      : submitted.map(({ batch: { seat, count, trainer, checkpoint } }) => ({ seat, count, trainer, checkpoint }));
  return {
    turn,
    nextTurn: next.turn,
    parent,
    checkpoint: next.parent,
    aggregator: made?.kind === 'aggregation' ? made.batch.trainer : `0x${'0'.repeat(40)}`,
    contributions: [...contributions],
  } satisfies ITrainingRegistry.RoundStruct;
}

/** Rounds that have ended and are not settled, oldest first. */
export const unsettled = (history: RunHistory): RunRound[] =>
  history.rounds.slice(history.settled, -1).filter(({ made }) => made !== null);
