import { type Answer, type Failing, failure, readAnswer } from './answer.ts';

/** Calls that go out in one request. */
const BATCH = 40;
/** Bytes of an answer above which it is not read on: nothing that is asked for is as long. */
const LONGEST = 64 * 2 ** 20;

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly answered: (answer: Answer) => void;
}

/** One RPC endpoint. Calls of one moment go out together, where it takes that. */
export class Endpoint {
  /** What it is called in logs and metrics: no more of its address than its host, for the rest may be a key. */
  readonly label: string;
  readonly #url: string;
  readonly #headers: Record<string, string> = { 'content-type': 'application/json' };
  readonly #timeout: number;
  #waiting: Call[] = [];
  #takesBatches = true;
  #id = 0;

  /** @param timeout milliseconds that one answer may take */
  constructor(url: string, label: string, timeout: number) {
    const { username, password } = new URL(url);
    const plain = new URL(url);
    [plain.username, plain.password] = ['', ''];
    if (username || password) {
      const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.#headers.authorization = `Basic ${Buffer.from(user).toString('base64')}`;
    }
    this.#url = plain.href;
    this.label = label;
    this.#timeout = timeout;
  }

  /** Asks; whatever goes wrong is an answer too. */
  ask(method: string, params: readonly unknown[]): Promise<Answer> {
    return new Promise((answered) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send());
      this.#waiting.push({ method, params, answered });
    });
  }

  #send(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    const most = this.#takesBatches ? BATCH : 1;
    for (let at = 0; at < calls.length; at += most) this.#post(calls.slice(at, at + most));
  }

  async #post(calls: readonly Call[]): Promise<void> {
    const asked = calls.map(({ method, params }) => ({ jsonrpc: '2.0', id: ++this.#id, method, params }));
    const answer = await this.#fetch(calls.length === 1 ? asked[0] : asked);
    if ('failing' in answer) {
      for (const { answered } of calls) answered({ kind: 'failure', failing: answer.failing });
    } else if (calls.length === 1) {
      calls[0].answered(readAnswer(Array.isArray(answer.body) ? answer.body[0] : answer.body));
    } else if (!Array.isArray(answer.body)) {
      // it takes one call at a time
      this.#takesBatches = false;
      for (const call of calls) this.#post([call]);
    } else {
      const byId = new Map(answer.body.map((each: { id?: unknown }) => [each?.id, each]));
      for (const [at, { answered }] of calls.entries()) answered(readAnswer(byId.get(asked[at].id)));
    }
  }

  async #fetch(body: unknown, isAgain = false): Promise<{ body: unknown } | { failing: Failing }> {
    const signal = AbortSignal.timeout(this.#timeout);
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify(body),
        signal,
      });
      const text = await readText(response);
      if (response.status !== 429 && (response.ok || /^\s*[[{]/.test(text))) {
        const read: unknown = JSON.parse(text);
        if (response.ok || isRpc(read)) return { body: read };
      }
      return { failing: refusal(response) };
    } catch (cause) {
      // a connection that was kept open may be closed at the very moment in which it is used again
      if (!isAgain && CLOSED.has(codeOf(cause) ?? '')) return this.#fetch(body, true);
      const failing = signal.aborted
        ? failure('stalls', `no answer within ${this.#timeout} ms`)
        : failure('unreachable', wordsOf(cause));
      return failing as { failing: Failing };
    }
  }
}

const isRpc = (body: unknown): boolean => typeof body === 'object' && body !== null && 'jsonrpc' in body;

function refusal({ status, headers }: Response): Failing {
  const after = retryAfter(headers.get('retry-after'), Date.parse(headers.get('date') ?? ''));
  const isLimited = status === 429 || (status === 503 && after !== undefined);
  return { reason: isLimited ? 'limited' : 'unreachable', message: `status ${status}`, retryAfter: after };
}

/** Milliseconds that a Retry-After asks for: seconds, or a date, which is of the server's clock as `now` is. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds * 1_000);
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  if (!response.body) return '';
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    total += part.length;
    if (total > LONGEST) throw new Error(`an answer of more than ${LONGEST} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const codeOf = (failed: unknown): string | undefined => (failed as { cause?: { code?: string } }).cause?.code;

/** What a failed request says, without the address that it may name. */
function wordsOf(cause: unknown): string {
  const told =
    cause instanceof SyntaxError ? 'the answer is no JSON' : cause instanceof Error ? cause.message : 'no answer';
  return codeOf(cause) ?? told;
}
