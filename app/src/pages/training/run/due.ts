import type { RunDetail } from '@essaim/sdk';

/** What an account may take out of a run. */
export type Due = 'reward' | 'shares' | 'refund';

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();

/**
 * What an account may ask a run for now. The contract knows the amounts and refuses what is nothing; this only leaves out
 * what cannot be.
 */
export function dueOf(
  { state, trainers, backings, initiator }: Pick<RunDetail, 'state' | 'trainers' | 'backings' | 'initiator'>,
  account: string | undefined,
): Due[] {
  if (!account) return [];
  const trainer = trainers.find((row) => same(row.trainer, account));
  const backing = backings.find((row) => same(row.backer, account));
  const due: Due[] = [];
  if (trainer && trainer.submissions > 0) due.push('reward');
  const hasPart = (trainer && trainer.earned > 0n) || backing || same(initiator, account);
  if (state === 'completed' && hasPart && (trainer?.sharesClaimed ?? 0n) === 0n) due.push('shares');
  const isOver = ['completed', 'ended', 'void', 'funding'].includes(state);
  if (isOver && backing && backing.refunded === 0n && (state !== 'funding' || backing.amount > 0n)) due.push('refund');
  return due;
}
