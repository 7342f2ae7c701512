import type { RunDetail } from '@essaim/sdk';
import { useState } from 'react';
import { roundsOf } from './rounds.ts';

const SHOWN = 12;

/** Every round of a run, newest first, in words. */
export function Rounds({ run }: { run: RunDetail }) {
  const [isAll, setAll] = useState(false);
  const lines = roundsOf(run);
  const shown = isAll ? lines : lines.slice(0, SHOWN);
  return (
    <section className="card" aria-labelledby="rounds">
      <h2 id="rounds">Rounds</h2>
      {lines.length === 0 && <p className="muted">None has begun.</p>}
      <ol className="rounds">
        {shown.map(({ round, turn, is, words }) => (
          <li key={turn} className={is}>
            <strong>Round {round + 1}</strong>: {words}
          </li>
        ))}
      </ol>
      {shown.length < lines.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {lines.length}
        </button>
      )}
    </section>
  );
}
