import { EssaimError } from '@essaim/protocol';
import type { ReadingContext } from '../context.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { IdOf, ListKinds, OneKinds } from '../kinds.ts';
import type { Answer, AsOf, Overview, Page, ParameterRow } from '../types/index.ts';
import type { Heads } from './heads.ts';
import { type Born, chainLists } from './lists.ts';
import { chainOnes } from './one.ts';
import { Counts, overviewAt } from './overview.ts';
import { parametersAt } from './parameters.ts';
import { Ranges } from './ranges.ts';
import { takenBack, View } from './view.ts';
import { walk } from './walk.ts';
import { type WholeKind, wholes } from './wholes.ts';

type Pin = AsOf & { hash: string };

/** How often a question is asked again because the chain took its block back meanwhile. */
const TRIES = 3;

/** What the chain alone answers, from events and views, each time as of one block. */
export class ChainSide {
  readonly #context: ReadingContext;
  readonly #heads: Heads;
  readonly #ranges: Ranges;
  readonly #counts: Counts;

  constructor(context: ReadingContext, heads: Heads) {
    this.#context = context;
    this.#heads = heads;
    this.#ranges = new Ranges(context.provider);
    this.#counts = new Counts(this.#ranges, context.startBlock);
  }

  overview(): Promise<Answer<Overview>> {
    return this.#answer((view) => overviewAt(view, this.#counts));
  }

  parameters(): Promise<Answer<ParameterRow[]>> {
    return this.#answer(async (view) => ({ value: await parametersAt(view), missing: [] }));
  }

  async page<K extends keyof ListKinds>(
    kind: K,
    query: ListKinds[K][1],
    size: number,
    cursor?: string,
  ): Promise<Answer<Page<ListKinds[K][0]>>> {
    const from = cursor === undefined ? undefined : readCursor(cursor);
    const isGone = from !== undefined && (await this.#heads.hashOf(from.pin.block)) !== from.pin.hash;
    const answer = await this.#answer(
      async (view) => {
        const { rows, last, missing } = isWhole(kind)
          ? await slice(kind, view, query as never, size, from?.after)
          : await walk(chainLists[kind as Born] as never, view, query as never, size, from?.after);
        const next = last && writeCursor({ source: 'chain', pin: view.pin, after: last });
        return { value: { rows, ...(next !== undefined && { next }) } as Page<ListKinds[K][0]>, missing };
      },
      isGone ? undefined : from?.pin,
    );
    return { ...answer, ...(isGone && { reorganised: true }) };
  }

  one<K extends keyof OneKinds>(kind: K, id: IdOf<K>): Promise<Answer<OneKinds[K] | undefined>> {
    return this.#answer(async (view) => {
      const { row: value, missing } = await chainOnes[kind](view, id);
      return { value, missing };
    });
  }

  /** Asks as of the head, or of the block of an earlier page; again where the chain took that back meanwhile. */
  async #answer<T>(
    ask: (view: View) => Promise<{ value: T; missing: readonly string[] }>,
    pinned?: Pin,
  ): Promise<Answer<T>> {
    for (let tries = 1; ; tries++) {
      const head = await this.#heads.head();
      const pin: Pin = pinned ?? { block: head.number, hash: head.hash, time: head.time };
      try {
        const { value, missing } = await ask(new View(this.#context, this.#ranges, head, pin));
        if ((await this.#heads.hashOf(pin.block)) !== pin.hash) throw takenBack();
        return {
          ...{ value, source: 'chain', asOf: pin, behind: Math.max(0, head.number - pin.block) },
          ...{ finalBlock: head.final, missing: [...missing], confirmed: true },
        };
      } catch (cause) {
        const isTakenBack = cause instanceof EssaimError && cause.code === 'CHAIN_REORGANISED';
        if (!isTakenBack || pinned || tries === TRIES) throw cause;
        this.#heads.forget();
      }
    }
  }
}

const isWhole = (kind: keyof ListKinds): kind is WholeKind => Object.hasOwn(wholes, kind);

async function slice<K extends WholeKind>(
  kind: K,
  view: View,
  query: ListKinds[K][1],
  size: number,
  after: [string, string] | undefined,
) {
  const { keys, rows, missing } = await wholes[kind](view, query);
  const start = after ? keys.indexOf(after[1]) + 1 : 0;
  const chosen = keys.slice(start, start + size);
  const isMore = keys.length > start + size;
  const last = isMore ? (['0', chosen[chosen.length - 1]] as [string, string]) : undefined;
  return { rows: (await rows(chosen)) as ListKinds[K][0][], last, missing };
}
