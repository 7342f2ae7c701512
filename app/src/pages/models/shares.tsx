import type { ModelRow } from '@essaim/sdk';
import { Address } from '../../parts/address.tsx';
import { Amount, showAmount } from '../../parts/amount.tsx';
import { to } from '../../route/route.ts';

/** Who divides what a model earns, and what it earned. */
export function Shares({ of: { id, shares, revenues } }: { of: ModelRow }) {
  return (
    <section className="card">
      <h2>Shares and revenue</h2>
      {shares ? (
        <p>
          Its revenue is divided among {shares.holders ?? 'the'} holder{shares.holders === 1 ? '' : 's'} of{' '}
          {showAmount(shares.supply)} shares, the token <Address of={shares.address} link={false} copy />.
        </p>
      ) : (
        <p>It has no shares: its revenue is its owner’s.</p>
      )}
      {revenues && revenues.length > 0 ? (
        <ul className="plain-list">
          {revenues.map(({ token, received, drawn, given }) => (
            <li key={token}>
              <Amount of={received} token={token} /> earned, <Amount of={drawn} token={token} /> drawn from what comes
              of it, <Amount of={given} token={token} /> given to what it comes from
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">{revenues ? 'Nothing was earned yet.' : 'What it earned is known to an indexer only.'}</p>
      )}
      <p>
        <a href={to('shares', id)}>Holders and claims</a>
      </p>
    </section>
  );
}
