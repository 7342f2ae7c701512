import type { IncomingMessage, ServerResponse } from 'node:http';
import { EssaimError } from '@essaim/protocol';
import type { Refused } from '../lending/wire.ts';

/** Which status tells of an error; others are 400. */
const STATUS: Record<string, number> = {
  ORIGIN_REFUSED: 403,
  LENDER_BARRED: 403,
  LENDING_UNAUTHORISED: 401,
  SESSION_UNKNOWN: 401,
  NOT_FOUND: 404,
  LENT_LATE: 409,
  BODY_TOO_LARGE: 413,
  TOO_OFTEN: 429,
  SPONSOR_FULL: 503,
};

/** A request's whole body. BODY_TOO_LARGE as soon as it has more than `most` bytes. */
export async function bodyOf(request: IncomingMessage, most: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new EssaimError('BODY_TOO_LARGE', `a body of at most ${most} bytes is taken here`, {
      help: 'send what was asked for',
    });
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge();
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw tooLarge();
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** The body as JSON. BODY_INVALID */
export async function jsonOf(request: IncomingMessage, most: number): Promise<unknown> {
  const bytes = await bodyOf(request, most);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new EssaimError('BODY_INVALID', 'the body is no JSON', { help: 'send the JSON that docs/lending.md shows' });
  }
}

export function answer(response: ServerResponse, content: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

export function answerBytes(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length }).end(bytes);
}

/** Tells an error of ours by its code; of any other no more than that there was one. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof EssaimError;
  const told: Refused = known
    ? { code: error.code, message: error.message, help: error.help }
    : { code: 'SPONSOR_FAILED', message: 'the sponsor failed at this', help: 'try again; its log says why' };
  const status = known ? (STATUS[error.code] ?? 400) : 500;
  // what is left of a body that was refused is not read
  const headers = { 'content-type': 'application/json', connection: 'close' };
  response.writeHead(status, headers).end(JSON.stringify(told));
}
