import { compile } from '@essaim/protocol';
import { boundaryBytes, boundaryParts, commitValues, openTracer } from '@essaim/runtime';
import type { Wallet } from 'ethers';
import { packResult, resultMessage, type SessionKey } from '../../provider/src/lending/result.ts';
import type { Assignment, Line, Opened, Opening } from '../../provider/src/lending/wire.ts';
import { opening } from '../../provider/test/sponsor/tabs.ts';

type Signing = Pick<Wallet, 'address' | 'signTypedData'>;

/** A tab without a browser, which does what a test tells it: the same requests as the page's. */
export class LentTab {
  readonly url: string;
  readonly body: Opening;
  readonly key: SessionKey;
  bearer = '';
  opened!: Opened;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #leaving = new AbortController();

  private constructor(url: string, body: Opening, key: SessionKey) {
    this.url = url;
    this.body = body;
    this.key = key;
  }

  /** Signs and opens a session, and is willing. */
  static async open(url: string, wallet: Signing, asked: Partial<Opening['authorisation']> = {}): Promise<LentTab> {
    const about = await (await fetch(url)).json();
    const { sponsor, token, chainId, vouchers } = about;
    const { maximum, until } = asked;
    const limits = { ...(maximum ? { maximum: BigInt(maximum) } : {}), ...(until ? { until } : {}) };
    const { body, key } = await opening(wallet, { sponsor, token, ...limits }, { chainId, vouchers });
    const tab = new LentTab(url, body, key);
    tab.opened = await (await tab.ask('POST', '/sessions', JSON.stringify(body))).json();
    tab.bearer = tab.opened.bearer;
    if (tab.bearer) void tab.#listen().catch(() => undefined);
    return tab;
  }

  ask(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    const bearer: Record<string, string> = this.bearer ? { authorization: `Bearer ${this.bearer}` } : {};
    return fetch(this.url + path, { method, body, headers: { ...bearer, ...headers } });
  }

  /** The first line of this kind from now or before, taken away. */
  async line<T extends Line['line']>(kind: T): Promise<Extract<Line, { line: T }>> {
    for (;;) {
      const at = this.#lines.findIndex(({ line }) => line === kind);
      if (at >= 0) return this.#lines.splice(at, 1)[0] as Extract<Line, { line: T }>;
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  /** Runs a task; `lie` alters the last byte and commits to that. */
  async run({ id, inputs, inputsRoot }: Assignment, lie = false): Promise<Uint8Array> {
    const onnx = new Uint8Array(await (await this.ask('GET', `/models/${id}`)).arrayBuffer());
    const bytes = new Uint8Array(await (await this.ask('GET', `/tasks/${id}`)).arrayBuffer());
    const program = compile(onnx);
    let at = 0;
    const given = inputs.map((size) => {
      at += size;
      return bytes.slice(at - size, at);
    });
    const honest = await openTracer()(program, onnx, given);
    const values = boundaryBytes(honest);
    if (lie) values[values.length - 1] ^= 1;
    const { traceRoot } = lie ? commitValues(program, given, boundaryParts(program, values)!) : honest;
    const signature = await this.key.sign(await resultMessage(id, inputsRoot, traceRoot, values));
    return packResult(signature, traceRoot, values);
  }

  hand(id: string, body: Uint8Array): Promise<Response> {
    return this.ask('POST', `/tasks/${id}`, body as Uint8Array<ArrayBuffer>);
  }

  /** Goes away without a word. */
  vanish(): void {
    this.#leaving.abort();
  }

  async #listen(): Promise<void> {
    const headers = { authorization: `Bearer ${this.bearer}` };
    const response = await fetch(`${this.url}/work`, { headers, signal: this.#leaving.signal });
    let rest = '';
    const decoder = new TextDecoder();
    for await (const part of response.body as never as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
      rest = lines.pop()!;
      this.#lines.push(...lines.map((line) => JSON.parse(line)));
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}
