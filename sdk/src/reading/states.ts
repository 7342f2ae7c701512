import type { BackingRow, JobRowState, RunRowState } from './types/index.ts';

/** States of a job, as JobMarket numbers them from 1 on. */
export const JOB_STATES: readonly JobRowState[] = [
  ...(['posted', 'accepted', 'submitted', 'released', 'paid', 'unlocked', 'cancelled', 'refunded'] as const),
];

/** States of a run, as TrainingRegistry numbers them from 1 on. */
export const RUN_STATES: readonly RunRowState[] = [
  ...(['funding', 'funded', 'running', 'stopped', 'completed', 'ended', 'void'] as const),
];

/** Those who gave most first. */
export const inOrderOfBackers = (rows: BackingRow[]): BackingRow[] =>
  rows.sort((a, b) => (a.amount === b.amount ? a.backer.localeCompare(b.backer) : a.amount < b.amount ? 1 : -1));
