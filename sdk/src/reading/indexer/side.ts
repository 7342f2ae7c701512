import type { EssaimError } from '@essaim/protocol';
import type { Heads } from '../chain/heads.ts';
import type { ReadingContext } from '../context.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { type Asked, type List, oneDocument, pageDocument } from '../queries/lists.ts';
import { overview, overviewDocument } from '../queries/overview.ts';
import type { Answer, AsOf, Certainty, Fact, Overview, OverviewQuery, Page } from '../types/index.ts';
import { Endpoint } from './endpoint.ts';
import { list, nullable, type Shape } from './shape.ts';
import { type Standing, standingOf } from './standing.ts';

const MAX_BEHIND = 50;
/** Milliseconds for which where it stands serves several questions at once. */
const FRESH = 500;
/** Milliseconds until one that failed is asked again; doubles. */
const FIRST_REST = 2_000;
const LONGEST_REST = 60_000;

/** What heals with the next block is looked at with the next question. */
const PASSING = ['INDEXER_BEHIND', 'INDEXER_REORGANISED', 'INDEXER_NO_BLOCK'];

interface Keyed {
  _order: string;
  _id: string;
}

/** What an indexer answers. Every question is asked as of one block that the chain has, too. */
export class IndexerSide {
  readonly #endpoint: Endpoint;
  readonly #heads: Heads;
  readonly #context: ReadingContext;
  #asked: { at: number; standing: Promise<Standing> } | undefined;
  #rest: { error: EssaimError; since: number; until: number; pause: number } | undefined;

  constructor(context: ReadingContext, heads: Heads) {
    this.#context = context;
    this.#heads = heads;
    this.#endpoint = new Endpoint(context.indexer!);
  }

  /** Where it stands; what is wrong with it, for as long as it rests after a failure. As {@link standingOf} */
  standing(): Promise<Standing> {
    const now = Date.now();
    if (this.#rest && now < this.#rest.until) return Promise.reject(this.#rest.error);
    if (this.#asked && now - this.#asked.at < FRESH) return this.#asked.standing;
    const { indexer, addresses } = this.#context;
    const standing = standingOf(this.#endpoint, this.#heads, addresses.MielToken, indexer?.maxBehind ?? MAX_BEHIND);
    this.#asked = { at: now, standing };
    standing.then(
      () => {
        this.#rest = undefined;
      },
      (error: EssaimError) => this.distrust(error),
    );
    return standing;
  }

  /** Leaves the indexer alone for a while. */
  distrust(error: EssaimError): void {
    if (this.#rest?.error === error) return;
    this.#asked = undefined;
    const pause = this.#rest ? Math.min(2 * this.#rest.pause, LONGEST_REST) : FIRST_REST;
    const said = Number(error.details?.retryAfter ?? 0);
    const now = Date.now();
    const passing = PASSING.includes(error.code);
    const rest = passing ? FRESH : Math.max(said, pause);
    this.#rest = { error, since: this.#rest?.since ?? now, until: now + rest, pause: passing ? FIRST_REST : pause };
  }

  /** Since when it is not well, and when it is tried again. */
  get rest(): { since: number; until: number } | undefined {
    return this.#rest;
  }

  async page<T extends { certainty: Certainty }, Q>(
    of: List<T, Q>,
    query: Q,
    size: number,
    cursor?: string,
  ): Promise<Answer<Page<T>>> {
    const from = cursor === undefined ? undefined : readCursor(cursor);
    const standing = await this.standing();
    const where = both(of.where(query), from && rest(of.order, from.after));
    const ask = (pin: AsOf) =>
      this.#rows(of, { first: size + 1, where, block: { hash: pin.hash } }).then((rows) => ({ rows, pin }));
    let reorganised = false as boolean;
    const { rows, pin } = await ask(from?.pin ?? standing.asOf).catch((error: EssaimError) => {
      if (!from || error.code !== 'INDEXER_NO_BLOCK') throw error;
      reorganised = true;
      return ask(standing.asOf);
    });
    const shown = rows.slice(0, size);
    const certain = await this.#certain(of, shown, pin, standing.head.final);
    const last = shown.at(-1) as Keyed | undefined;
    const isMore = rows.length > size && last !== undefined;
    const value: Page<T> = {
      rows: shown.map((row, i) => ({ ...(of.shape.read(row, of.entity) as object), certainty: certain[i] }) as T),
      ...(isMore && {
        next: writeCursor({ source: 'indexer', pin: pin as Standing['asOf'], after: [last._order, last._id] }),
      }),
    };
    const missing = [...(of.missing ?? [])];
    return { ...this.#answer(value, standing, pin), missing, ...(reorganised && { reorganised }) };
  }

  async one<T>(of: Asked, shape: Shape<Fact<T>>, id: string): Promise<Answer<T | undefined>> {
    const standing = await this.standing();
    const { asOf, head } = standing;
    const document = oneDocument(of, shape);
    const { row } = await this.#endpoint.ask(document, { id, block: { hash: asOf.hash } });
    const fact = nullable(shape).read(row ?? null, of.entity);
    if (fact === null) return this.#answer(undefined, standing, asOf);
    const then = await this.#past(asOf, head.final, async (block) => this.#endpoint.ask(document, { id, block }));
    const isSame = then === 'same' || (then !== undefined && JSON.stringify(then.row) === JSON.stringify(row));
    return this.#answer({ ...(fact as object), certainty: isSame ? 'final' : 'provisional' } as T, standing, asOf);
  }

  async overview({ interval = 'day', spans = 30 }: OverviewQuery): Promise<Answer<Overview>> {
    const standing = await this.standing();
    const { asOf } = standing;
    const length = interval === 'day' ? 86_400 : 3_600;
    const from = String(BigInt((Math.floor(asOf.time / length) - spans + 1) * length) * 1_000_000n);
    const data = await this.#endpoint.ask(overviewDocument, { interval, from, block: { hash: asOf.hash } });
    const { protocol, activity, flows } = overview.read(data, 'overview');
    const oldestFirst = { activity: activity.reverse(), flows: flows.reverse() };
    return this.#answer({ ...(protocol as NonNullable<typeof protocol>), ...oldestFirst }, standing, asOf);
  }

  async #rows(of: Asked, variables: Record<string, unknown>): Promise<unknown[]> {
    const { rows } = await this.#endpoint.ask(pageDocument(of), variables);
    return list({ select: '', read: (it: unknown) => it }).read(rows, of.many);
  }

  /** Which rows were the same at the final block already. */
  async #certain(of: Asked, rows: unknown[], pin: AsOf, final: number): Promise<Certainty[]> {
    const ids = (rows as Keyed[]).map(({ _id }) => _id);
    const then =
      ids.length === 0
        ? 'same'
        : await this.#past(pin, final, (block) =>
            this.#rows(of, { first: ids.length, where: { id_in: ids }, block }).then(
              (old) => new Map((old as Keyed[]).map((row) => [row._id, JSON.stringify(row)])),
            ),
          );
    return ids.map((id, i) => (then === 'same' || then?.get(id) === JSON.stringify(rows[i]) ? 'final' : 'provisional'));
  }

  /** Asks as of the final block; `same` where the pin is final itself, nothing where the indexer cannot tell. */
  async #past<T>(
    pin: AsOf,
    final: number,
    ask: (block: { number: number }) => Promise<T>,
  ): Promise<T | 'same' | undefined> {
    if (pin.block <= final) return 'same';
    if (final < this.#context.startBlock) return undefined;
    return ask({ number: final }).catch((error: EssaimError) => {
      if (error.code === 'INDEXER_NO_BLOCK') return undefined;
      throw error;
    });
  }

  #answer<T>(value: T, { head, behind }: Standing, asOf: AsOf): Answer<T> {
    return { value, source: 'indexer', asOf, behind, finalBlock: head.final, missing: [] };
  }
}

/** What comes after a row: less by the value of the order, or of the same and less by id. */
const rest = (order: string, [value, id]: [string, string]): Record<string, unknown> =>
  order === 'id' ? { id_lt: id } : { or: [{ [`${order}_lt`]: value }, { [order]: value, id_lt: id }] };

const both = (a: Record<string, unknown>, b: Record<string, unknown> | undefined): Record<string, unknown> => {
  if (!b) return a;
  return Object.keys(a).length === 0 ? b : { and: [a, b] };
};
