import { EssaimError } from '@essaim/protocol';
import type { Fact } from '../types/index.ts';
import type { ChainList } from './list.ts';
import type { Born } from './lists.ts';
import type { Event, View } from './view.ts';

type Place = [block: string, index: string];

/** Rows newest first from after a place on, and the place of the last one where there may be more. */
export async function walk<K extends Born>(
  list: ChainList<K>,
  view: View,
  query: Parameters<ChainList<K>['rows']>[2],
  size: number,
  after: Place | undefined,
) {
  const { contract, names, args } = list.contract(query);
  const [block, index] = after ? after.map(Number) : [view.pin.block, Number.POSITIVE_INFINITY];
  const rows: (Awaited<ReturnType<ChainList<K>['rows']>>[number]['fact'] & { certainty: string })[] = [];
  let last: Event | undefined;
  const { missing } = list;
  const windows = view.back(contract, names, args, block);
  for (;;) {
    const window = await windows.next().catch((cause: unknown) => {
      if (cause instanceof EssaimError && cause.code === 'CHAIN_TOO_LONG') return Number(cause.details?.to);
      throw cause;
    });
    // What was found is a page, and the rest is for the next ones.
    if (typeof window === 'number') return { rows, last: [String(window + 1), '0'] as Place, missing };
    if (window.done) break;
    const born = window.value.filter((event) => event.block < block || event.index < index);
    for (let at = 0; at < born.length; at += size + 1) {
      const some = born.slice(at, at + size + 1);
      const found = await list.rows(view, some, query);
      for (const [i, { fact, newest }] of found.entries()) {
        if (list.matches && !list.matches(fact as Fact<never>, query)) continue;
        if (rows.length === size) return { rows, last: last && placeOf(last), missing };
        rows.push({ ...fact, certainty: view.certainty(newest) });
        last = some[i];
      }
    }
  }
  return { rows, last: undefined, missing };
}

const placeOf = ({ block, index }: Event): Place => [String(block), String(index)];
