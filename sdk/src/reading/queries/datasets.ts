import { account, address, amount, as, count, hex, list, object } from '../indexer/shape.ts';
import type { DatasetQuery, DatasetRow, DatasetVersionRow, Fact } from '../types/index.ts';
import { assetParts } from './assets.ts';
import { type List, only } from './lists.ts';

const version = object<DatasetVersionRow>({
  version: count,
  columnsRoot: hex,
  rows: amount,
  manifest: hex,
  time: count,
});

const { children, shares, revenues } = assetParts;

export const datasets: List<DatasetRow, DatasetQuery> = {
  entity: 'Dataset',
  one: 'dataset',
  many: 'datasets',
  order: 'createdAt',
  shape: object<Fact<DatasetRow>>({
    id: as('number', amount),
    owner: account,
    typesHash: hex,
    token: address,
    price: amount,
    rows: amount,
    versions: as('versions(first: 1000, orderBy: version)', list(version)),
    ...{ children, shares, revenues },
    createdAt: count,
  }),
  where: ({ owner }) => only({ owner: owner?.toLowerCase() }),
};
