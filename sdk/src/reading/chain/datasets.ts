import type { DatasetRow, Fact } from '../types/index.ts';
import { partsOf } from './assets.ts';
import { type ChainList, type Dated, isSame, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

/** Data sets out of their registrations and what came after. */
export async function datasetRows(view: View, born: readonly Event[]): Promise<Dated<DatasetRow>[]> {
  const ids = born.map(({ args }) => topic(args.dataset)!);
  const from = Math.min(...born.map(({ block }) => block));
  const [later, moved, parts] = await Promise.all([
    view.events('DatasetRegistry', ['Priced', 'VersionAdded'], [ids], from),
    view.events('DatasetRegistry', ['Transfer'], [null, null, ids], from),
    partsOf(view, ids, from),
  ]);
  const time = await view.times([...born, ...later]);
  const [ofDataset, movesOf] = [by(later, 'dataset'), by(moved, 'tokenId')];
  return Promise.all(
    born.map(async (registered) => {
      const { dataset: id, owner, typesHash, token, price } = registered.args;
      const [events, moves] = [ofDataset(id), movesOf(id)];
      const { shares, newest: changed } = await parts(id);
      const priced = events.filter(({ name }) => name === 'Priced').at(-1)?.args;
      const added = events.filter(({ name }) => name === 'VersionAdded');
      const fact: Fact<DatasetRow> = {
        id,
        owner: moves.at(-1)?.args.to ?? owner,
        typesHash,
        token: priced?.token ?? token,
        price: priced?.price ?? price,
        rows: added.at(-1)?.args.rows ?? 0n,
        versions: added.map((event) => ({
          version: Number(event.args.version),
          columnsRoot: event.args.columnsRoot,
          rows: event.args.rows,
          manifest: event.args.manifest,
          time: time(event),
        })),
        shares,
        createdAt: time(registered),
      };
      return { fact, newest: Math.max(newest([registered], events, moves), changed) };
    }),
  );
}

export const datasets: ChainList<'datasets'> = {
  missing: ['children', 'revenues', 'shares.holders'],
  contract: () => ({ contract: 'DatasetRegistry', names: ['Registered'], args: [] }),
  rows: datasetRows,
  matches: (row, { owner }) => isSame(row.owner, owner),
};
