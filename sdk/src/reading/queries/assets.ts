import { account, address, amount, as, count, inner, list, map, nullable, object, oneOf } from '../indexer/shape.ts';
import type { HoldingRow, LineageLink, RevenueRow, SharesRow } from '../types/index.ts';
import type { List } from './lists.ts';

const kind = oneOf({ Model: 'model', Dataset: 'dataset', Unknown: 'unknown' } as const);

const link = (other: 'asset' | 'parent') =>
  map(
    object<{ asset: Pick<LineageLink, 'asset' | 'kind'>; version: number; bps: number }>({
      asset: as(other, map(object<{ number: bigint; kind: LineageLink['kind'] }>({ number: amount, kind }), named)),
      version: count,
      bps: count,
    }),
    ({ asset, version, bps }): LineageLink => ({ ...asset, version: version === 0 ? null : version, bps }),
  );
const named = ({ number, kind }: { number: bigint; kind: LineageLink['kind'] }) => ({ asset: number, kind });

const revenue = object<RevenueRow>({ token: address, received: amount, drawn: amount, given: amount, paid: amount });
const shares = object<SharesRow>({
  address: as('id', address),
  issuer: address,
  supply: amount,
  holders: count,
  tokens: list(address),
});

/** What models and data sets have in common. */
export const assetParts = {
  parents: as('asset', inner('parents(first: 8)', list(link('parent')))),
  children: as('asset', inner('children(first: 100)', list(link('asset')))),
  shares: as('asset', inner('shares', nullable(shares))),
  revenues: as('asset', inner('revenues(first: 100)', list(revenue))),
};

export const holdings: List<HoldingRow, { holder: string }> = {
  entity: 'Holding',
  one: 'holding',
  many: 'holdings',
  order: 'id',
  shape: map(
    object<{ holder: string; balance: bigint; of: Omit<HoldingRow, 'holder' | 'balance' | 'certainty'> }>({
      holder: account,
      balance: amount,
      of: as(
        'shares',
        map(
          object<{
            shares: string;
            supply: bigint;
            tokens: string[];
            asset: { asset: bigint; kind: LineageLink['kind'] };
          }>({
            shares: as('id', address),
            supply: amount,
            tokens: list(address),
            asset: map(object<{ number: bigint; kind: LineageLink['kind'] }>({ number: amount, kind }), named),
          }),
          ({ asset, ...rest }) => ({ ...rest, ...asset }),
        ),
      ),
    }),
    ({ of, ...rest }) => ({ ...of, ...rest }),
  ),
  where: ({ holder }) => ({ holder: holder.toLowerCase(), balance_gt: '0' }),
};
