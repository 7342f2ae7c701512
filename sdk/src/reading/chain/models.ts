import type { Fact, ModelRow } from '../types/index.ts';
import { partsOf } from './assets.ts';
import { type ChainList, type Dated, isSame, topic } from './list.ts';
import { by, type Event, newest, type View } from './view.ts';

/** Models out of their registrations and what came after. */
export async function modelRows(view: View, born: readonly Event[]): Promise<Dated<ModelRow>[]> {
  const ids = born.map(({ args }) => topic(args.model)!);
  const from = Math.min(...born.map(({ block }) => block));
  const [later, moved, barred, parts] = await Promise.all([
    view.events('ModelRegistry', ['Priced', 'ProgramAdded', 'Trained'], [ids], from),
    view.events('ModelRegistry', ['Transfer'], [null, null, ids], from),
    view.events('Malformed', ['Barred']),
    partsOf(view, ids, from),
  ]);
  const time = await view.times([...born, ...later]);
  const [ofModel, movesOf, barring] = [by(later, 'model'), by(moved, 'tokenId'), by(barred, 'programId')];
  return Promise.all(
    born.map(async (registered) => {
      const { model: id, owner, token, price } = registered.args;
      const [events, moves] = [ofModel(id), movesOf(id)];
      const { parents, shares, newest: changed } = await parts(id);
      const last = (name: string) => events.filter((event) => event.name === name).at(-1)?.args;
      const holds = events.filter(({ name }) => name === 'ProgramAdded');
      const bars = holds.flatMap(({ args }) => barring(args.programId));
      const programs = holds.map((event) => {
        const { programId, manifest } = event.args;
        const reason: string | null = barring(programId)[0]?.args.reason ?? null;
        return { id: programId as string, manifest: manifest as string, barred: reason, time: time(event) };
      });
      const fact: Fact<ModelRow> = {
        id,
        owner: moves.at(-1)?.args.to ?? owner,
        token: last('Priced')?.token ?? token,
        price: last('Priced')?.price ?? price,
        run: last('Trained')?.runId ?? null,
        programs,
        parents,
        shares,
        createdAt: time(registered),
      };
      return { fact, newest: Math.max(newest([registered], events, moves, bars), changed) };
    }),
  );
}

export const models: ChainList<'models'> = {
  missing: ['children', 'revenues', 'shares.holders'],
  contract: () => ({ contract: 'ModelRegistry', names: ['Registered'], args: [] }),
  rows: modelRows,
  matches: (row, { owner, program, run }) =>
    isSame(row.owner, owner) &&
    isSame(row.run, run) &&
    (program === undefined || row.programs.some(({ id }) => isSame(id, program))),
};
