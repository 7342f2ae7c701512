import { chainFailure, type Essaim, type Holder, type Revenue } from '@essaim/sdk';
import { formatEther, ZeroAddress } from 'ethers';
import { useState } from 'react';
import { Address, Hash } from '../../parts/address.tsx';
import { Amount } from '../../parts/amount.tsx';
import { inertText } from '../../parts/inert-text.ts';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useAsk } from '../../reading/use-ask.ts';
import { to } from '../../route/route.ts';
import { assetIn, shortNumber } from './asset-name.ts';
import { HolderTable } from './holder-table.tsx';
import { TokenChoice } from './token-choice.tsx';

interface Asset {
  owner: string;
  /** Null: it has none. */
  shares: { address: string; supply: bigint } | null;
  tokens: string[];
}

/** An asset's revenue, and everyone who has a part of it. */
export default function AssetPage({ asset }: { asset: string }) {
  const number = assetIn(asset);
  return (
    <>
      <PageHeading title={number !== undefined ? `Who owns asset ${shortNumber(number)}` : 'No such asset'}>
        <p>
          <a href={to('shares')}>Your own shares</a>
        </p>
      </PageHeading>
      {number !== undefined ? (
        <Holders asset={number} />
      ) : (
        <p className="empty">{inertText(asset, 60)} is no number of an asset.</p>
      )}
    </>
  );
}

function Holders({ asset }: { asset: bigint }) {
  const [chosen, setChosen] = useState<string>();
  const read = useAsk((essaim) => readAsset(essaim, asset), [asset]);
  return (
    <State of={read} what="the asset" empty="Nobody registered a model or data set of this number.">
      {(it) => {
        const token = chosen ?? it.tokens[0];
        return (
          <>
            <p>
              Registered by <Address of={it.owner} />
              {it.shares && (
                <>
                  , divided in {Number(formatEther(it.shares.supply)).toLocaleString('en')} shares{' '}
                  <Hash of={it.shares.address} copy />
                </>
              )}
              .
            </p>
            <TokenChoice tokens={it.tokens} token={token} choose={setChosen} />
            <Money asset={asset} token={token} hasShares={it.shares !== null} supply={it.shares?.supply ?? 0n} />
          </>
        );
      }}
    </State>
  );
}

async function readAsset({ contracts }: Essaim, asset: bigint): Promise<Asset | null> {
  const { Royalties, MielToken, Shares } = contracts;
  const owner = await ownerOf(contracts, asset);
  if (owner === null) return null;
  const [address, miel] = await Promise.all([Royalties.sharesOf(asset), MielToken.getAddress()]);
  if (address === ZeroAddress) return { owner, shares: null, tokens: [miel] };
  const shares = Shares.attach(address) as typeof Shares;
  const [supply, tokens] = await Promise.all([shares.totalSupply(), shares.tokens()]);
  return { owner, shares: { address, supply }, tokens: tokens.length > 0 ? [...tokens] : [miel] };
}

async function ownerOf({ Royalties }: Essaim['contracts'], asset: bigint): Promise<string | null> {
  try {
    return (await Royalties.assetOf(asset)).owner;
  } catch (cause) {
    const error = await chainFailure(cause, 'asking for the asset');
    if (error.code === 'Royalties_NoAsset') return null;
    throw error;
  }
}

function Money({
  asset,
  token,
  hasShares,
  supply,
}: {
  asset: bigint;
  token: string;
  hasShares: boolean;
  supply: bigint;
}) {
  const read = useAsk<{ revenue: Revenue; holders: Holder[] }>(
    async ({ shares }) => {
      const [revenue, holders] = await Promise.all([
        shares.revenue(asset, token),
        hasShares ? shares.holders(asset, token) : [],
      ]);
      return { revenue, holders };
    },
    [asset, token, hasShares],
  );
  return (
    <State of={read} what="its revenue">
      {({ revenue, holders }) => (
        <>
          <section className="card" aria-labelledby="revenue">
            <h2 id="revenue">Revenue</h2>
            <dl className="facts">
              <dt>Reached it so far</dt>
              <dd>
                <Amount of={revenue.received} token={token} />
              </dd>
              <dt>Its own of that</dt>
              <dd>
                <Amount of={revenue.earned} token={token} />
              </dd>
              <dt>Paid out</dt>
              <dd>
                <Amount of={revenue.paid} token={token} />
              </dd>
            </dl>
          </section>
          {hasShares ? (
            <HolderTable holders={holders} supply={supply} token={token} />
          ) : (
            <p className="empty">It has no shares: all its revenue is its owner’s.</p>
          )}
        </>
      )}
    </State>
  );
}
