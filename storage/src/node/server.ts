import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StorageError } from '../errors.ts';
import { type AccessRules, checkOrigin, checkToken } from './access.ts';
import { add } from './add.ts';
import { blockGet, blockPut, blockStat } from './block.ts';
import { cat } from './cat.ts';
import { dagExport, dagImport } from './dag.ts';
import { type Exchange, type Handler, type NodeParts, sendJson } from './exchange.ts';
import { gateway } from './gateway.ts';
import { repoGc } from './gc.ts';
import { HttpError } from './http-error.ts';
import { id, version } from './info.ts';
import { ls } from './ls.ts';
import { pinAdd, pinLs, pinRm } from './pin.ts';

const API = '/api/v0/';
const CALLS: Record<string, Handler> = {
  add,
  'block/put': blockPut,
  'dag/import': dagImport,
  version,
  id,
  cat,
  ls,
  'block/get': blockGet,
  'block/stat': blockStat,
  'dag/export': dagExport,
  'pin/add': pinAdd,
  'pin/rm': pinRm,
  'pin/ls': pinLs,
  'repo/gc': repoGc,
};
const HOUR = 3_600_000;
const IDLE_MS = 600_000;

/** The HTTP server of a node: RPC calls under /api/v0, the gateway under /ipfs. `rules` is read at each request. */
export function createNodeServer(parts: NodeParts, rules: AccessRules): Server {
  const server = createServer({ requestTimeout: HOUR }, async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the caller went away')));
    const url = URL.parse(request.url ?? '/', 'http://node');
    if (!url) return void response.writeHead(400).end();
    const exchange: Exchange = { ...parts, request, response, query: url.searchParams, signal: gone.signal };
    try {
      if (url.pathname.startsWith(API)) await rpc(exchange, rules, url.pathname.slice(API.length));
      else if (url.pathname.startsWith('/ipfs/')) await content(exchange, url.pathname);
      else throw new HttpError(404, '404 page not found');
    } catch (cause) {
      if (!gone.signal.aborted) refuse(request, response, cause, url.pathname.startsWith(API));
    }
  });
  return server.setTimeout(IDLE_MS);
}

async function rpc(exchange: Exchange, rules: AccessRules, name: string): Promise<void> {
  const { request, response } = exchange;
  const origin = checkOrigin(rules, request);
  if (origin !== undefined) response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'origin');
  if (request.method === 'OPTIONS') return preflight(response, 'POST');
  if (request.method !== 'POST') throw new HttpError(405, '405 - Method Not Allowed');
  checkToken(rules, request);
  const handler = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  if (handler === undefined) throw new HttpError(404, `404 - this node has no call ${name}`);
  await handler(exchange);
}

async function content(exchange: Exchange, pathname: string): Promise<void> {
  const { method } = exchange.request;
  if (method === 'OPTIONS') {
    exchange.response.setHeader('access-control-allow-origin', '*');
    return preflight(exchange.response, 'GET, HEAD');
  }
  if (method !== 'GET' && method !== 'HEAD') throw new HttpError(405, '405 - Method Not Allowed');
  await gateway(exchange, pathname);
}

function preflight(response: ServerResponse, methods: string): void {
  const headers = 'authorization, content-type, range';
  response.writeHead(204, { 'access-control-allow-methods': methods, 'access-control-allow-headers': headers }).end();
}

/** Answers with the failure, or breaks the connection where an answer has begun, so that it can't pass for whole. */
function refuse(request: IncomingMessage, response: ServerResponse, cause: unknown, isRpc: boolean): void {
  if (response.headersSent) return void response.destroy();
  const message = cause instanceof Error ? cause.message : String(cause);
  const status = statusOf(cause);
  if (!request.complete) response.setHeader('connection', 'close');
  response.removeHeader('cache-control');
  response.removeHeader('etag');
  // Kubo answers 500 for whatever is absent; its clients know no other
  sendJson(
    response,
    { Message: message, Code: 0, Type: 'error' },
    isRpc && status === 404 && !/^404/.test(message) ? 500 : status,
  );
  request.resume();
}

function statusOf(cause: unknown): number {
  if (cause instanceof HttpError) return cause.status;
  if (cause instanceof StorageError && cause.code === 'STORAGE_CID_INVALID') return 400;
  if (cause instanceof StorageError && cause.code === 'STORAGE_TOO_LARGE') return 413;
  if (cause instanceof StorageError && cause.code === 'STORAGE_NOT_A_FILE') return 400;
  return 500;
}
