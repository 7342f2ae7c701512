import type { PoolView, Yield } from '@essaim/sdk';
import { Amount } from '../../../parts/amount.tsx';
import { State } from '../../../parts/state.tsx';
import { showSpan } from '../../../parts/time.tsx';
import { useAsk } from '../../../reading/use-ask.ts';

/** What a pool brought its delegators lately. */
export function Yields({ pool }: { pool: PoolView }) {
  const yields = useAsk(({ pools }) => pools.yields(pool.id), [pool.id, pool.fees]);
  return (
    <State of={yields} what="what it earned" empty="It earned nothing yet: its operator has admitted no token.">
      {(rows) => (
        <>
          <ul>
            {rows.map((row) => (
              <YieldLine key={row.token} row={row} />
            ))}
          </ul>
          <p>
            <small>What was is no promise, and one slash takes more than fees bring in years.</small>
          </p>
        </>
      )}
    </State>
  );
}

function YieldLine({ row: { token, seconds, toDelegators, perMielAndYear } }: { row: Yield }) {
  return (
    <li>
      <Amount of={toDelegators} token={token} /> to delegators in {showSpan(seconds)}
      {perMielAndYear === undefined ? (
        ': nothing is delegated.'
      ) : (
        <>
          , at this pace <Amount of={1_000n * perMielAndYear} token={token} /> for 1,000 MIEL in a year.
        </>
      )}
    </li>
  );
}
