import { EssaimError } from '@essaim/protocol';
import { getAddress, isHexString } from 'ethers';
import { Heads } from './chain/heads.ts';
import { ChainSide } from './chain/side.ts';
import { confirm, withStates } from './confirm.ts';
import type { ReadingContext } from './context.ts';
import { readCursor } from './cursor.ts';
import { IndexerSide } from './indexer/side.ts';
import type { IdOf, ListKinds, OneKinds } from './kinds.ts';
import { lists, type OneAsked, ones } from './queries/index.ts';
import type { List } from './queries/lists.ts';
import type { Answer, Overview, OverviewQuery, Page, ParameterRow, SourceState } from './types/index.ts';
import { troubleOf } from './watch.ts';

/** Blocks that the chain's endpoint may be behind the indexer and still be well. */
const LAG = 3;

/** Chooses for every question who answers it. */
export class Desk {
  readonly #context: ReadingContext;
  readonly #heads: Heads;
  readonly #chain: ChainSide;
  readonly #indexer: IndexerSide | undefined;

  constructor(context: ReadingContext) {
    this.#context = context;
    this.#heads = new Heads(context.provider, context.confirmations);
    this.#chain = new ChainSide(context, this.#heads);
    if (context.indexer) this.#indexer = new IndexerSide(context, this.#heads);
  }

  async source(): Promise<SourceState> {
    const head = await this.#heads.head();
    const of = { head: head.number, finalBlock: head.final };
    if (!this.#indexer) return { source: 'chain', ...of, behind: 0 };
    try {
      const { asOf, behind } = await this.#indexer.standing();
      const ahead = asOf.block - head.number;
      const told: SourceState = { source: 'indexer', ...of, indexed: asOf.block, behind };
      return ahead > LAG ? { ...told, trouble: troubleOf(chainBehind(ahead)) } : told;
    } catch (cause) {
      const { since, until: retryAt } = this.#indexer.rest ?? {};
      const indexed = (cause as EssaimError).details?.indexed as number | undefined;
      const trouble = { ...troubleOf(cause), since, retryAt };
      return { source: 'chain', ...of, behind: 0, ...(indexed !== undefined && { indexed }), trouble };
    }
  }

  hashOf(block: number): Promise<string | undefined> {
    return this.#heads.hashOf(block);
  }

  overview(query: OverviewQuery): Promise<Answer<Overview>> {
    return this.#either(
      (indexer) => indexer.overview(query),
      (chain) => chain.overview(),
    );
  }

  parameters(): Promise<Answer<ParameterRow[]>> {
    return this.#chain.parameters();
  }

  async page<K extends keyof ListKinds>(
    kind: K,
    query: ListKinds[K][1],
    size: number,
    cursor?: string,
  ): Promise<Answer<Page<ListKinds[K][0]>>> {
    const of = lists[kind] as List<ListKinds[K][0], ListKinds[K][1]>;
    const byIndexer = async (indexer: IndexerSide) => {
      const answer = await indexer.page(of, query, size, cursor);
      return kind === 'proposals' ? withStates(this.#context, answer) : answer;
    };
    const began = cursor === undefined ? undefined : readCursor(cursor).source;
    if (began === 'chain') return this.#chain.page(kind, query, size, cursor);
    if (began === 'indexer') {
      if (this.#indexer) return byIndexer(this.#indexer);
      throw new EssaimError('INDEXER_NEEDED', 'this list was begun with an indexer', {
        help: 'connect with the same indexer, or begin the list again',
      });
    }
    return this.#either(byIndexer, (chain) => chain.page(kind, query, size));
  }

  async one<K extends keyof OneKinds>(kind: K, id: IdOf<K>): Promise<Answer<OneKinds[K] | undefined>> {
    const of = ones[kind] as OneAsked<OneKinds[K], IdOf<K>>;
    const known = checked(kind, id);
    return this.#either(
      async (indexer) => {
        const answer = await indexer.one<OneKinds[K]>(of.list, of.shape, of.id(known));
        return confirm({ ...this.#context, heads: this.#heads }, kind, known, answer);
      },
      (chain) => chain.one(kind, known),
    );
  }

  /** The indexer's answer where it is healthy, else the chain's. */
  async #either<T>(
    byIndexer: (indexer: IndexerSide) => Promise<T>,
    byChain: (chain: ChainSide) => Promise<T>,
  ): Promise<T> {
    let trouble: EssaimError | undefined;
    if (this.#indexer) {
      try {
        return await byIndexer(this.#indexer);
      } catch (cause) {
        if (!(cause instanceof EssaimError) || !cause.code.startsWith('INDEXER_')) throw cause;
        trouble = cause;
        this.#indexer.distrust(cause);
      }
    }
    try {
      return await byChain(this.#chain);
    } catch (cause) {
      if (!trouble || !(cause instanceof EssaimError) || cause.code !== 'INDEXER_NEEDED') throw cause;
      throw new EssaimError('INDEXER_NEEDED', `${cause.message}; and ${trouble.message}`, {
        help: trouble.help,
        cause: trouble,
      });
    }
  }
}

const chainBehind = (blocks: number) =>
  new EssaimError('CHAIN_BEHIND', `the endpoint of the chain is ${blocks} blocks behind the indexer`, {
    help: 'what is sent through it is tried on an old state first: use another endpoint, or wait',
    details: { blocks },
  });

/** The id in the form that everybody knows it by. ID_INVALID */
function checked<K extends keyof OneKinds>(kind: K, id: IdOf<K>): IdOf<K> {
  if (typeof id === 'bigint' && id >= 0n && id < 2n ** 256n) return id;
  if (typeof id === 'string' && kind === 'agent' && isHexString(id, 20)) return getAddress(id.toLowerCase()) as IdOf<K>;
  if (typeof id === 'string' && kind !== 'agent' && isHexString(id, 32)) return id.toLowerCase() as IdOf<K>;
  throw new EssaimError('ID_INVALID', `${String(id).slice(0, 80)} is no id of a ${kind}`, {
    help: 'models, data sets and proposals have numbers (bigint), agents addresses, all else 32 bytes of hex',
  });
}
