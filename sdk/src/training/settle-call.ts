import { ZeroAddress } from 'ethers';
import type { ITrainingRegistry } from '../generated/types/contracts/training/TrainingRegistry.ts';
import type { RunHistory, RunRound } from './history.ts';

/** What {ITrainingRegistry-settle} takes of a round that has ended. */
export function roundArgument(history: RunHistory, { round, submitted, made }: RunRound) {
  const contributions =
    made?.kind === 'aggregation'
      ? made.contributions
      : submitted.map(({ batch: { seat, count, trainer, checkpoint } }) => ({ seat, count, trainer, checkpoint }));
  return {
    aggregator: made?.kind === 'aggregation' ? made.batch.trainer : ZeroAddress,
    checkpoint: history.rounds[round + 1].parent,
    contributions: [...contributions],
  } satisfies ITrainingRegistry.RoundStruct;
}

/** Rounds that have ended and are not settled, oldest first. */
export const unsettled = (history: RunHistory): RunRound[] =>
  history.rounds.slice(history.settled, -1).filter(({ made }) => made !== null);
