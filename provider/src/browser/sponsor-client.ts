import { concat, EssaimError } from '@essaim/protocol';
import type { About, Accepted, Line, Opened, Opening, Refused } from '../lending/wire.ts';

/** Milliseconds for an answer; results wait for the sponsor to run them again. */
const TIMEOUT = 60_000;

/** Speaks to a sponsor's service. Every error it tells of is thrown by its own code. */
export class SponsorClient {
  readonly #url: string;
  #bearer = '';

  /** @param url of the service, as its operator published it. SPONSOR_URL */
  constructor(url: string) {
    let parsed: URL;
    try {
      parsed = new URL(url);
    } catch (cause) {
      throw new EssaimError('SPONSOR_URL', `"${url}" is no address of a sponsor`, {
        help: 'give its https:// address',
        cause,
      });
    }
    this.#url = parsed.href.replace(/\/+$/, '');
  }

  /** What the sponsor says of itself. SPONSOR_UNREACHABLE, SPONSOR_UNKNOWN */
  async about(): Promise<About> {
    const about: About = await this.#json('GET', '/');
    if (about?.kind === 'essaim/sponsor/1') return about;
    throw new EssaimError('SPONSOR_UNKNOWN', `there is no sponsor at ${this.#url}`, { help: 'check its address' });
  }

  async open(opening: Opening): Promise<Opened> {
    const opened: Opened = await this.#json('POST', '/sessions', JSON.stringify(opening));
    this.#bearer = opened.bearer;
    return opened;
  }

  /** Ends the session. */
  async close(): Promise<void> {
    await this.#json('DELETE', '/sessions');
  }

  /** What the sponsor says until its line or the signal ends. */
  async *work(signal: AbortSignal): AsyncGenerator<Line> {
    const response = await this.#request('GET', '/work', undefined, signal);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    try {
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        const lines = (rest + value).split('\n');
        rest = lines.pop()!;
        for (const line of lines) yield JSON.parse(line) as Line;
      }
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw unreachable(this.#url, cause);
    } finally {
      void reader.cancel().catch(() => undefined);
    }
  }

  /** `size` bytes: no more are read. SPONSOR_BYTES */
  async bytes(path: string, size: number, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#request('GET', path, undefined, signal);
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body!.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      length += value.length;
      parts.push(value);
      if (length > size) break;
    }
    if (length === size) return concat(parts);
    await reader.cancel();
    throw new EssaimError('SPONSOR_BYTES', `${path} has not the ${size} bytes that were named`, {
      help: 'tell the sponsor',
    });
  }

  result(id: string, body: Uint8Array, signal: AbortSignal): Promise<Accepted> {
    return this.#json('POST', `/tasks/${id}`, body as Uint8Array<ArrayBuffer>, signal);
  }

  async #json<T>(method: string, path: string, body?: BodyInit, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const response = await this.#request(method, path, body, signal ? AbortSignal.any([signal, timeout]) : timeout);
    return response.json().catch((cause) => {
      throw unreachable(this.#url, cause);
    });
  }

  async #request(method: string, path: string, body?: BodyInit, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = this.#bearer ? { authorization: `Bearer ${this.#bearer}` } : {};
    if (typeof body === 'string') headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await fetch(this.#url + path, {
        method,
        headers,
        body,
        signal,
        cache: 'no-store',
        credentials: 'omit',
      });
    } catch (cause) {
      if (signal?.aborted && (signal.reason as Error)?.name !== 'TimeoutError') throw signal.reason;
      throw unreachable(this.#url, cause);
    }
    if (response.ok) return response;
    const refused: Partial<Refused> = await response.json().catch(() => ({}));
    const {
      code = 'SPONSOR_UNKNOWN',
      message = `the sponsor answered ${response.status}`,
      help = 'check its address',
    } = refused;
    throw new EssaimError(code, message, { help });
  }
}

const unreachable = (url: string, cause: unknown) =>
  new EssaimError('SPONSOR_UNREACHABLE', `the sponsor at ${url} does not answer`, {
    help: 'check its address and your connection; it may not allow this page, or be away for a while',
    cause,
  });
