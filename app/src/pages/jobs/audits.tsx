import type { AuditRow } from '@essaim/sdk';
import { Address } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Time } from '../../parts/time.tsx';
import { to } from '../../route/route.ts';

const STATES: Record<AuditRow['state'], { tone: string; words: string }> = {
  submitted: { tone: 'warn', words: 'can still be challenged itself' },
  settled: { tone: 'good', words: 'settled' },
  struck: { tone: 'bad', words: 'struck: it passed what was shown wrong' },
  convicted: { tone: 'bad', words: 'convicted: the audit itself was wrong' },
};

/** Who was drawn to run it again, and what they found. */
export function Audits({ of }: { of: readonly Omit<AuditRow, 'certainty'>[] }) {
  if (of.length === 0) return null;
  return (
    <section className="stack">
      <h3>Audits</h3>
      <ul className="demands">
        {of.map((row) => (
          <li key={row.id}>
            <span className={`badge ${row.passed ? 'good' : 'bad'}`}>{row.passed ? 'right' : 'alarm'}</span>
            <span>
              <Address of={row.auditor} /> ran claim {row.leaf + 1} again and found it {row.passed ? 'right' : 'wrong'},{' '}
              <Time at={row.submittedAt} />. <a href={to('disputes', row.id)}>The audit</a>: {STATES[row.state].words}
              {row.pay !== null && row.token && (
                <>
                  , paid <Amount of={row.pay} token={row.token} />
                </>
              )}
              . It was one of {row.audits}, drawn with a chance of {(row.odds / 100).toLocaleString('en')} %.
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
