import type { DemandRow } from '@essaim/sdk';
import { Address } from '../../parts/address.tsx';
import { Time } from '../../parts/time.tsx';

const TONES = { open: 'warn', answered: 'good', settled: 'good', expired: 'bad' } as const;
const LISTS = ['Inputs', 'Weights', 'Values', 'Operators'];

/** What was asked, in words. */
export function questionWords({
  kind,
  index,
  first,
  count,
}: Pick<DemandRow, 'kind' | 'index' | 'first' | 'count'>): string {
  const places = count === 1n ? `${first}` : `${first} to ${first + count - 1n}`;
  if (LISTS.includes(kind)) return `the claim and the roots of its ${kind.toLowerCase()} ${places}`;
  if (kind === 'Operator') return `operator ${index} of the program`;
  if (kind === 'Segment') return `what lies inside segment ${index}`;
  if (kind === 'Inner') return `bytes ${places} of a value inside segment ${index / 1_024n}`;
  return `bytes ${places} of ${kind.toLowerCase()} ${index}`;
}

/** What the executor was asked to show, and whether it did. */
export function Demands({ of }: { of: readonly Omit<DemandRow, 'certainty'>[] }) {
  if (of.length === 0) return <p className="muted">Nobody asked the executor to show anything.</p>;
  return (
    <section className="stack">
      <h3>Asked of the executor</h3>
      <ul className="demands">
        {of.map((row) => (
          <li key={row.id}>
            <span className={`badge ${TONES[row.state]}`}>{row.state}</span>
            <span>
              <Address of={row.demander} /> asked for {questionWords(row)}, <Time at={row.askedAt} />.{' '}
              {row.state === 'open' && (
                <>
                  Its time ends <Time at={row.endsAt} />, and not before block {row.endsAtBlock.toLocaleString('en')}.
                </>
              )}
              {row.state === 'expired' && 'Nobody answered: that convicted the claim.'}
              {row.answerer && (
                <>
                  Answered by <Address of={row.answerer} />.
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
