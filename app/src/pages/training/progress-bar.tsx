import type { RunRow } from '@essaim/sdk';
import { progressOf } from './run-words.ts';

/** How many of a run's rounds are settled. */
export function ProgressBar({ run }: { run: Pick<RunRow, 'settled' | 'rounds'> }) {
  const { part, words } = progressOf(run);
  return (
    <div>
      <div className="progress" aria-hidden="true">
        <span style={{ width: `${100 * part}%` }} />
      </div>
      <small>{words}</small>
    </div>
  );
}
