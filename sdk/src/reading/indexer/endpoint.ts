import { EssaimError } from '@essaim/protocol';
import { limit } from '../../chain/limit.ts';
import type { IndexerOptions } from '../context.ts';

const TIMEOUT = 10_000;
/** More than any page of rows has; what goes on for ever is cut off here. */
const MOST_BYTES = 32 * 2 ** 20;

/** Addresses may hold keys: only where it is shown. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'an address that is no URL');

/** One GraphQL endpoint. */
export class Endpoint {
  readonly where: string;
  readonly #options: IndexerOptions;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.where = hostOf(options.url);
  }

  /**
   * The data of an answer. INDEXER_UNREACHABLE, INDEXER_LIMITED (details.retryAfter in milliseconds), INDEXER_ANSWER (no
   * answer of GraphQL), INDEXER_NO_BLOCK (it has not got the block that was asked for), INDEXER_REFUSED
   */
  async ask(document: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { status, retryAfter, body } = await this.#post(JSON.stringify({ query: document, variables }));
    if (status === 429) throw this.#limited(retryAfter);
    if (status >= 500) throw this.#unreachable(`answers ${status}`);
    const { data, errors } = this.#parse(body);
    if (errors) throw this.#refused(errors);
    return data;
  }

  async #post(body: string): Promise<{ status: number; retryAfter: string | null; body: string }> {
    const { url, timeout = TIMEOUT, fetch = globalThis.fetch } = this.#options;
    const limited = limit({ signals: [], timeout });
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, signal: limited.signal });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: await this.#read(response),
      };
    } catch (cause) {
      if (cause instanceof EssaimError) throw cause;
      const why = limited.signal.aborted ? `did not answer within ${timeout} ms` : 'does not answer';
      throw this.#unreachable(why, URL.canParse(url) ? cause : undefined);
    } finally {
      limited.free();
    }
  }

  async #read(response: Response): Promise<string> {
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    let text = '';
    for (let size = 0; reader; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_BYTES) {
        await reader.cancel();
        throw this.#garbage(`is longer than ${MOST_BYTES} bytes`);
      }
      text += decoder.decode(value, { stream: true });
    }
    return text + decoder.decode();
  }

  #parse(body: string): { data: Record<string, unknown>; errors?: unknown[] } {
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      throw this.#garbage('is no JSON');
    }
    const { data, errors } = (answer ?? {}) as { data?: unknown; errors?: unknown };
    if (Array.isArray(errors) && errors.length > 0) return { data: {}, errors };
    if (typeof data !== 'object' || data === null) throw this.#garbage('has no data');
    return { data: data as Record<string, unknown> };
  }

  #unreachable(why: string, cause?: unknown): EssaimError {
    return new EssaimError('INDEXER_UNREACHABLE', `the indexer at ${this.where} ${why}`, {
      help: 'check its address and that it runs; without it much can still be read from the chain',
      cause,
    });
  }

  #limited(retryAfter: string | null): EssaimError {
    const seconds = Number(retryAfter ?? Number.NaN);
    return new EssaimError('INDEXER_LIMITED', `the indexer at ${this.where} refuses more requests for now`, {
      help: 'wait a little, ask less often, or use another',
      details: seconds > 0 ? { retryAfter: seconds * 1_000 } : {},
    });
  }

  #garbage(why: string): EssaimError {
    return new EssaimError('INDEXER_ANSWER', `what the indexer at ${this.where} answers ${why}`, {
      help: 'give the address of its GraphQL endpoint, or go on without it',
    });
  }

  #refused(errors: unknown[]): EssaimError {
    const said = errors.map((it) => String((it as { message?: unknown })?.message ?? it)).join('; ');
    const lacks = /block\.(hash|number)|no block with|only indexed up to|only has data starting at|not available/i;
    if (lacks.test(said)) {
      return new EssaimError('INDEXER_NO_BLOCK', `the indexer has not got that block: ${said.slice(0, 300)}`, {
        help: 'the block was taken back, is not indexed yet, or is no longer kept: begin again at the newest',
      });
    }
    return new EssaimError('INDEXER_REFUSED', `the indexer refuses the question: ${said.slice(0, 300)}`, {
      help: 'it serves another version of the subgraph, or is out of order: use another, or go on without it',
    });
  }
}
