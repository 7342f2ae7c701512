import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Blocks } from './blocks.ts';
import { HttpError } from './http-error.ts';
import type { NodeLimits } from './limits.ts';
import type { Pins } from './pins.ts';

/** What every request handler works on. */
export interface NodeParts {
  blocks: Blocks;
  pins: Pins;
  limits: NodeLimits;
  peerId: string;
}

/** One request and its answer. `signal` aborts when the other side goes away. */
export interface Exchange extends NodeParts {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  signal: AbortSignal;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

/** The `arg` parameters of a call; at least one. */
export function argumentsOf({ query }: Exchange): string[] {
  const values = query.getAll('arg');
  if (values.length === 0) throw new HttpError(400, 'argument "arg" is required');
  return values;
}

/** A yes-or-no parameter, as Go reads one. */
export function flag(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const value = query.get(name);
  if (value === null) return fallback;
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw new HttpError(400, `parameter ${name}="${value}" is neither true nor false`);
}

/** A whole number from 0, or undefined where the parameter is absent. */
export function count(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number))
    throw new HttpError(400, `parameter ${name}="${value}" is no count`);
  return number;
}

/** Answers with one JSON value. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

/** Answers with JSON values, one a line, as they come; a failure before the first one still has its own status. */
export function sendLines(response: ServerResponse, values: AsyncIterable<unknown>): Promise<void> {
  const lines = (async function* () {
    for await (const value of values) yield `${JSON.stringify(value)}\n`;
  })();
  return sendStream(response, lines, { 'content-type': 'application/json', 'x-chunked-output': '1' });
}

/** Answers with a stream at the pace of the reader; the head goes out with the first chunk. */
export async function sendStream(
  response: ServerResponse,
  chunks: AsyncGenerator<Uint8Array | string>,
  headers: Record<string, string | number>,
  status = 200,
): Promise<void> {
  const first = await chunks.next();
  response.writeHead(status, headers);
  if (first.done) return void response.end();
  const all = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  await pipeline(Readable.from(all, { objectMode: true, highWaterMark: 1 }), response);
}
