import { parseCid } from '../cid.ts';
import { openFile } from '../file-reader.ts';
import { type Block, writeCar } from './car.ts';
import { type Exchange, sendStream } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { byteRange } from './range.ts';
import { resolveCid } from './resolve.ts';
import { walk } from './walk.ts';

const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-range, etag, x-ipfs-path',
  'x-content-type-options': 'nosniff',
  'cache-control': 'public, max-age=29030400, immutable',
};
/** A gateway serves what this node holds and fetches nothing, so that it is no open proxy. */
const HELD = { offline: true };

/** `GET|HEAD /ipfs/<cid>[/path]`: a block (`format=raw`), a DAG (`format=car`) or a file, of what is held here. */
export async function gateway(exchange: Exchange, pathname: string): Promise<void> {
  const { response, request } = exchange;
  const path = decodePath(pathname);
  const format = formatOf(exchange);
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  response.setHeader('x-ipfs-path', encodeURI(path));
  const visited: Block[] = [];
  const tracing = {
    async get(cid: Block['cid']) {
      const bytes = await exchange.blocks.get(cid, HELD);
      visited.push({ cid, bytes });
      return bytes;
    },
  };
  const cid = await resolveCid(format === 'file' ? exchange.blocks : tracing, path, exchange.limits, HELD);
  const etag = format === 'file' ? `"${cid}"` : `"${cid}.${format}"`;
  response.setHeader('etag', etag);
  if (request.headers['if-none-match']?.includes(etag)) return void response.writeHead(304).end();
  if (format === 'raw') return sendBlock(exchange, cid);
  if (format === 'car') return sendCar(exchange, cid, visited);
  return sendFile(exchange, cid);
}

async function sendBlock({ blocks, request, response }: Exchange, cid: Block['cid']): Promise<void> {
  const bytes = await blocks.get(cid, HELD);
  response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw', 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** A CAR with the blocks that prove the path to the root first, each block once. */
async function sendCar(exchange: Exchange, root: Block['cid'], path: Block[]): Promise<void> {
  const { blocks, request, response, limits } = exchange;
  const headers = { 'content-type': 'application/vnd.ipld.car; version=1; order=dfs; dups=n' };
  await blocks.get(root, HELD); // absent is 404, not a CAR that breaks off
  if (request.method === 'HEAD') return void response.writeHead(200, headers).end();
  async function* all() {
    const sent = new Set(path.map(({ cid }) => cid.toString()));
    const once = new Map(path.map((block) => [block.cid.toString(), block]));
    yield* once.values();
    for await (const block of walk(root, (cid) => blocks.get(cid, HELD), limits)) {
      if (!sent.has(block.cid.toString())) yield block;
    }
  }
  await sendStream(response, writeCar(root, all()), headers);
}

async function sendFile(exchange: Exchange, cid: Block['cid']): Promise<void> {
  const { blocks, request, response } = exchange;
  const file = await openFile(cid, (at) => blocks.get(at, HELD));
  const range = byteRange(request.headers.range, file.size);
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
  if (range === 'unsatisfiable') {
    return void response.writeHead(416, { ...headers, 'content-range': `bytes */${file.size}` }).end();
  }
  const { offset, length } = range ?? { offset: 0, length: file.size };
  const partial: Record<string, string> =
    range === undefined ? {} : { 'content-range': `bytes ${offset}-${offset + length - 1}/${file.size}` };
  const head = { ...headers, ...partial, 'content-length': length };
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') return void response.writeHead(status, head).end();
  await sendStream(response, file.read({ offset, length }), head, status);
}

function formatOf({ query, request }: Exchange): 'raw' | 'car' | 'file' {
  const accept = request.headers.accept ?? '';
  const asked = query.get('format') ?? /application\/vnd\.ipld\.(raw|car)/.exec(accept)?.[1] ?? 'file';
  if (asked === 'raw' || asked === 'car' || asked === 'file') return asked;
  throw new HttpError(400, `format "${asked}" is not served; ask for raw or car`);
}

function decodePath(pathname: string): string {
  try {
    const path = decodeURIComponent(pathname);
    parseCid(path.split('/')[2] ?? '');
    return path;
  } catch (cause) {
    throw new HttpError(400, `"${pathname}" names no content`, cause);
  }
}
