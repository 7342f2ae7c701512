import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { LittleChain } from './little-chain.ts';
import { jsonServer } from './server.ts';

type Row = Record<string, unknown> & { _id: string; _order: string };

/** What graph-node answered to the SDK's queries after the demo, as `record.ts` kept it. */
export const recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as Record<
  string,
  Row[]
>;

interface Asked {
  query: string;
  variables: {
    block?: { hash?: string; number?: number };
    first?: number;
    where?: Record<string, unknown>;
    id?: string;
  };
}

/** An indexer of a little chain that serves recorded answers, and can be made to misbehave. */
export class LittleIndexer {
  /** Where it stands; by default at the chain's head. */
  at: number | undefined;
  /** Blocks that it has, by hash; by default those of the chain. */
  knows: ((hash: string) => boolean) | undefined;
  miel: string | null;
  hasIndexingErrors = false;
  /** Rows as they were at the final block; by default as now. */
  past: (many: string) => Row[] = (many) => recorded[many];
  /** In place of an answer. */
  instead: ((asked: Asked, response: ServerResponse) => unknown) | undefined;
  readonly asked: Asked[] = [];
  url = '';
  close = () => {};
  readonly #chain: LittleChain;

  private constructor(chain: LittleChain, miel: string) {
    this.#chain = chain;
    this.miel = miel.toLowerCase();
  }

  static async open(chain: LittleChain, miel: string): Promise<LittleIndexer> {
    const indexer = new LittleIndexer(chain, miel);
    const server = await jsonServer((body, response) => {
      const asked = body as Asked;
      indexer.asked.push(asked);
      if (indexer.instead) return indexer.instead(asked, response);
      return indexer.answer(asked);
    });
    indexer.url = server.url;
    indexer.close = server.close;
    return indexer;
  }

  answer({ query, variables: { block, first = 0, where = {}, id } }: Asked): unknown {
    const { head } = this.#chain;
    const at = this.at ?? head;
    if (query.includes('hasIndexingErrors')) {
      const { hasIndexingErrors, miel } = this;
      const stands = { number: at, hash: this.#chain.hashOf(at), time: 1_700_000_000 + 12 * at };
      return { data: { _meta: { block: stands, hasIndexingErrors }, protocol: miel && { miel } } };
    }
    const knows =
      this.knows ?? ((hash) => Array.from({ length: head + 1 }, (_, i) => this.#chain.hashOf(i)).includes(hash));
    if (block?.hash && !knows(block.hash))
      return { errors: [{ message: 'Failed to decode `block.hash` value: `no block with that hash found`' }] };
    if (query.includes('_meta')) return { data: { _meta: { block: { number: at } } } };
    if (query.includes('activitySums')) return { data: recorded.overview };
    const [, name] = /row(?:s)?: (\w+)\(/.exec(query)!;
    if (id !== undefined) return { data: { row: (recorded as Record<string, unknown>)[name] } };
    const rows = block?.number === undefined ? recorded[name] : this.past(name);
    return { data: { rows: rows.filter(matching(where)).slice(0, first) } };
  }
}

/** As far as pages need it: by ids, and what comes after a row. */
function matching(where: Record<string, unknown>): (row: Row) => boolean {
  const { id_in: ids, or, and } = where as { id_in?: string[]; or?: Record<string, string>[]; and?: (typeof where)[] };
  const after = or ?? (and?.find((part) => 'or' in part)?.or as Record<string, string>[] | undefined);
  return ({ _id, _order }) => {
    if (ids) return ids.includes(_id);
    if (!after) return true;
    const less = Number(Object.values(after[0])[0]);
    return Number(_order) < less || (Number(_order) === less && _id < after[1].id_lt);
  };
}
