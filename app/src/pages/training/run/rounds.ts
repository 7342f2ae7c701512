import type { RunDetail, SubmissionRow } from '@essaim/sdk';

/** One round as a person follows it. */
export interface RoundLine {
  round: number;
  turn: number;
  is: 'settled' | 'submitted' | 'open' | 'again';
  words: string;
  submissions: SubmissionRow[];
}

/** The rounds of a run, newest first, each time that one began on its own. */
export function roundsOf({
  history,
  submissions,
  settled,
  seats,
}: Pick<RunDetail, 'history' | 'submissions' | 'settled' | 'seats'>): RoundLine[] {
  const newest = new Map<number, number>();
  const rows = history.map((row, i) => ({ ...row, round: row.round ?? numberOf(submissions, row.turn) ?? i }));
  for (const { round, turn } of rows) newest.set(round, Math.max(turn, newest.get(round) ?? 0));
  const lines = rows.map(({ round, turn, isRepeated }): RoundLine => {
    const own = submissions.filter((row) => row.round === round && row.turn === turn);
    const standing = own.filter(({ isRejected, isAggregation }) => !isRejected && !isAggregation);
    const convicted = own.filter(({ isRejected }) => isRejected).length;
    const took = convicted > 0 ? `, ${convicted} convicted` : '';
    const base = { round, turn, submissions: own };
    if (newest.get(round) !== turn) {
      const why = isRepeated ? 'no update improved' : 'what it stood on was taken back';
      return { ...base, is: 'again', words: `began again: ${why}${took}` };
    }
    if (round < settled) return { ...base, is: 'settled', words: `settled and paid${took}` };
    if (standing.length === 0) return { ...base, is: 'open', words: `nothing submitted yet${took}` };
    const of = seats > 1 ? `${standing.length} of ${seats} seats submitted` : 'submitted';
    return { ...base, is: 'submitted', words: `${of}, can still be challenged${took}` };
  });
  return lines.reverse();
}

const numberOf = (submissions: readonly SubmissionRow[], turn: number): number | undefined =>
  submissions.find((row) => row.turn === turn)?.round;
