import type { RunRow } from '@essaim/sdk';
import { runWords } from './run-words.ts';

/** What a run's state is called. */
export function RunBadge({ run, now }: { run: Pick<RunRow, 'state' | 'fundingDeadline'>; now: number }) {
  const { word, tone } = runWords(run, now);
  return <span className={`badge ${tone}`}>{word}</span>;
}
