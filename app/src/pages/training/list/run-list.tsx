import { useState } from 'react';
import { SourceNote } from '../../../parts/certainty.tsx';
import { State } from '../../../parts/state.tsx';
import { useReading } from '../../../reading/use-reading.ts';
import { RunCard } from './run-card.tsx';

const SIZE = 12;

/** Runs, newest first, as many as were asked for. */
export function RunList() {
  const [count, setCount] = useState(SIZE);
  const read = useReading((reading) => reading.runs().page(count), [count]);
  return (
    <State of={read} what="runs" isEmpty={({ rows }) => rows.length === 0} empty="No model is trained here yet.">
      {({ rows, next }) => (
        <>
          <ul className="grid">
            {rows.map((run) => (
              <li key={run.id}>
                <RunCard run={run} now={read.answer?.asOf.time ?? 0} />
              </li>
            ))}
          </ul>
          {next !== undefined && (
            <button type="button" onClick={() => setCount(count + SIZE)}>
              Show older ones
            </button>
          )}
          <SourceNote of={read.answer} reorganised={read.reorganised} />
        </>
      )}
    </State>
  );
}
