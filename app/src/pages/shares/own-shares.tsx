import { useEssaim } from '../../connection/connection.ts';
import { Amount } from '../../parts/amount.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { ConnectButton } from '../../wallet/connect-button.tsx';
import { FindAsset } from './find-asset.tsx';
import { readOwned, sumOf } from './owned.ts';
import { OwnedCard } from './owned-card.tsx';

/** What the connected account owns of models and data sets, and the revenue that it can claim. */
export function OwnShares() {
  const { account } = useEssaim().wallet;
  const owned = useAsk(async (essaim) => (account ? readOwned(essaim, account) : null), [account]);
  return (
    <>
      <PageHeading
        title="Shares and revenue"
        lead="Who made a model, paid for its training or gave its data owns a part of it, and is paid when it is used."
      />
      {account ? (
        <State
          of={owned}
          what="what you own"
          empty="You own no part of a model or data set. Back a run, train in one, or publish a model of your own."
        >
          {(rows) => (
            <>
              <Sum rows={rows} />
              <div className="columns">
                {rows.map((row) => (
                  <OwnedCard key={`${row.asset}`} owned={row} account={account} />
                ))}
              </div>
            </>
          )}
        </State>
      ) : (
        <ConnectButton purpose="See what you own" />
      )}
      <FindAsset />
    </>
  );
}

function Sum({ rows }: { rows: Parameters<typeof sumOf>[0] }) {
  const sums = sumOf(rows);
  return (
    <p className="lead" role="status">
      {sums.length === 0 ? (
        'Nothing is to be claimed now.'
      ) : (
        <>
          To be claimed:{' '}
          {sums.map(({ token, amount }, i) => (
            <span key={token}>
              {i > 0 && ', '}
              <Amount of={amount} token={token} />
            </span>
          ))}
        </>
      )}
    </p>
  );
}
