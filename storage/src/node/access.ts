import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Who may use the RPC of a node. */
export interface AccessRules {
  /** When given, every RPC call must carry `Authorization: Bearer <token>`. */
  token?: string;
  /** Web origins whose pages may call the RPC, compared exactly, such as `http://localhost:5173`. */
  origins: readonly string[];
}

/** The origin to name in CORS headers, or undefined for a caller that is no web page. Refuses everyone else. */
export function checkOrigin({ origins }: AccessRules, request: IncomingMessage): string | undefined {
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  if (!origins.includes(origin)) throw new HttpError(403, `403 - Forbidden: pages from ${origin} may not use this API`);
  return origin;
}

/** Refuses a call without the token, in time that does not depend on how much of it was right. */
export function checkToken({ token }: AccessRules, request: IncomingMessage): void {
  if (token === undefined) return;
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new HttpError(403, '403 - Forbidden: a valid authorization token is needed');
}
