import type { RunDetail, SubmissionRow, TrainerRow } from '@essaim/sdk';

/** What one trainer did and got in a run. */
export interface Contributor extends TrainerRow {
  /** Batches of its own that were rejected. */
  convictions: number;
  /** Its part of all that trainers earned, in per cent. */
  ofReward: number;
  /** Its part of the model's shares as things stand, in per cent. */
  ofShares: number;
}

/** What one backer gave and gets. */
export interface Backer {
  backer: string;
  amount: bigint;
  refunded: bigint;
  compensated: bigint;
  ofShares: number;
}

const ratio = (some: bigint, all: bigint): number => (all === 0n ? 0 : Number((some * 1_000_000n) / all) / 10_000);

/** Who trained, most earned first, with each one's part of reward and shares. */
export function contributorsOf({
  trainers,
  submissions,
  trainersShare,
}: Pick<RunDetail, 'trainers' | 'submissions' | 'trainersShare'>): Contributor[] {
  const all = trainers.reduce((sum, { earned }) => sum + earned, 0n);
  const rows = trainers.map((trainer) => {
    const ofReward = ratio(trainer.earned, all);
    const convictions = convictionsOf(submissions, trainer.trainer);
    return { ...trainer, convictions, ofReward, ofShares: (ofReward * trainersShare) / 10_000 };
  });
  return rows.sort((a, b) => (a.earned === b.earned ? 0 : a.earned < b.earned ? 1 : -1));
}

const convictionsOf = (submissions: readonly SubmissionRow[], who: string): number =>
  submissions.filter(({ trainer, isRejected }) => isRejected && trainer.toLowerCase() === who.toLowerCase()).length;

/** Who backed a run, most first, with each one's part of the model's shares. */
export function backersOf({ backings, backersShare }: Pick<RunDetail, 'backings' | 'backersShare'>): Backer[] {
  const all = backings.reduce((sum, { amount }) => sum + amount, 0n);
  const rows = backings.map((row) => ({ ...row, ofShares: (ratio(row.amount, all) * backersShare) / 10_000 }));
  return rows.sort((a, b) => (a.amount === b.amount ? 0 : a.amount < b.amount ? 1 : -1));
}

/** A part in per cent, at most two decimals. */
export const showPart = (value: number): string => `${Math.round(value * 100) / 100} %`;
