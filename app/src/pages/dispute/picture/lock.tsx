import type { Conviction, Penalty } from '@essaim/sdk';
import { Address } from '../../../parts/address.tsx';
import { Amount } from '../../../parts/amount.tsx';

interface Part {
  readonly kind: string;
  readonly amount: bigint;
  readonly words: string;
  readonly to?: string;
}

const partsOf = (penalty: Penalty): Part[] =>
  [
    { kind: 'bounty', amount: penalty.bounty, words: 'to who showed it', to: penalty.bountyTo },
    { kind: 'compensation', amount: penalty.compensation, words: 'to who was wronged', to: penalty.compensationTo },
    { kind: 'burned', amount: penalty.burned, words: 'burned for good' },
    { kind: 'returned', amount: penalty.returned, words: 'left to the executor' },
  ].filter(({ amount }) => amount > 0n);

/** What the executor had at stake, and where it went. */
export function Lock({ conviction: { lock, penalty, executor } }: { conviction: Conviction }) {
  if (!penalty) {
    return (
      <p>
        <Address of={executor} /> had <Amount of={lock} /> at stake. Nobody has collected the penalty yet: until then it
        stays locked, and nobody else can have it.
      </p>
    );
  }
  const parts = partsOf(penalty);
  const share = (amount: bigint) => Number((10_000n * amount) / penalty.lock) / 100;
  return (
    <div className="lock">
      <p>
        <Address of={executor} /> had <Amount of={lock} /> at stake on this result.
      </p>
      <div className="lock-bar" aria-hidden="true">
        {parts.map(({ kind, amount }) => (
          <span key={kind} className={kind} style={{ flexGrow: share(amount) }} />
        ))}
      </div>
      <ul className="lock-parts">
        {parts.map(({ kind, amount, words, to }) => (
          <li key={kind} className={kind}>
            <Amount of={amount} /> <span className="share">{share(amount).toLocaleString('en')} %</span>
            <span>
              {words}
              {to && (
                <>
                  , <Address of={to} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
