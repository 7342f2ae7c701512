import { Action } from '../../parts/action.tsx';
import { Amount } from '../../parts/amount.tsx';
import { Certainty } from '../../parts/certainty.tsx';
import { to } from '../../route/route.ts';
import { assetName } from './asset-name.ts';
import type { Owned } from './owned.ts';

/** One model or data set that is owned in part or whole, with what it owes its owner now. */
export function OwnedCard({ owned, account }: { owned: Owned; account: string }) {
  const { asset, kind, part, shares, claimable, certainty } = owned;
  const name = assetName(kind, asset);
  return (
    <section className="card" aria-label={name}>
      <h2>
        {kind === 'model' ? <a href={to('models', asset)}>{name}</a> : name} <Certainty of={certainty} />
      </h2>
      <p>
        {shares === null ? (
          'All of it is yours: it has no shares.'
        ) : (
          <>
            You own {part.toLocaleString('en')} % of its shares. <a href={to('shares', asset)}>All holders</a>
          </>
        )}
      </p>
      {claimable.map(({ token, amount }) => (
        <div key={token} className="stack">
          <p>
            To be claimed: <Amount of={amount} token={token} />
          </p>
          <div className="buttons">
            <Action
              label="Claim"
              why={amount === 0n ? 'Nothing is there yet.' : undefined}
              run={(essaim, signal) => essaim.shares.claim(asset, token, account, signal)}
              done={(paid) => (
                <p>
                  <Amount of={paid} token={token} /> paid out.
                </p>
              )}
            />
            <Action
              kind="secondary"
              label="Draw in what others owe it"
              run={(essaim, signal) => essaim.shares.draw(asset, token, signal)}
              done={({ transactions, received }) =>
                transactions === 0 ? (
                  <p>Nothing was waiting: neither in the market nor at what descends from it.</p>
                ) : (
                  <p>
                    <Amount of={received} token={token} /> came in.
                  </p>
                )
              }
            />
          </div>
        </div>
      ))}
      <p>
        <small>
          Fees of inferences wait in the market, and royalties at what was made from it, until somebody draws them in.
          Anyone may; it takes a transaction for each place.
        </small>
      </p>
    </section>
  );
}
