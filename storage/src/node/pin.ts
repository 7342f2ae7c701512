import type { CID } from 'multiformats/cid';
import { parseCid } from '../cid.ts';
import { argumentsOf, type Exchange, flag, type NodeParts, sendJson, sendLines } from './exchange.ts';
import { HttpError } from './http-error.ts';
import type { Pin } from './pins.ts';
import { resolveCid } from './resolve.ts';
import { walk } from './walk.ts';

const KINDS = ['all', 'recursive', 'direct', 'indirect'];

/** Pins a DAG once every block of it is held here; blocks that are missing are asked of peers. */
export async function pinDag({ blocks, pins, limits, signal }: NodeParts & { signal?: AbortSignal }, root: CID) {
  await blocks.hold(async () => {
    for await (const _ of walk(root, (cid) => blocks.get(cid, { signal }), limits));
    pins.add(`${root}`);
  });
}

async function pinBlock({ blocks, pins, signal }: Exchange, cid: CID): Promise<void> {
  await blocks.hold(async () => {
    await blocks.get(cid, { signal });
    pins.add(`${cid}`, 'direct');
  });
}

/** `pin/add`: pins whole DAGs, or with `recursive=false` single blocks. */
export async function pinAdd(exchange: Exchange): Promise<void> {
  const { blocks, query, limits, response, signal } = exchange;
  const recursive = flag(query, 'recursive', true);
  const added: string[] = [];
  for (const path of argumentsOf(exchange)) {
    const cid = await resolveCid(blocks, path, limits, { signal });
    if (recursive) await pinDag(exchange, cid);
    else await pinBlock(exchange, cid);
    added.push(`${cid}`);
  }
  sendJson(response, { Pins: added });
}

/** `pin/rm`: lets roots go. */
export async function pinRm(exchange: Exchange): Promise<void> {
  const removed: string[] = [];
  for (const path of argumentsOf(exchange)) {
    const cid = await resolveCid(exchange.blocks, path, exchange.limits, { offline: true });
    if (!exchange.pins.remove(`${cid}`)) throw new HttpError(500, `${cid} is not pinned or pinned indirectly`);
    removed.push(`${cid}`);
  }
  sendJson(exchange.response, { Pins: removed });
}

/** `pin/ls`: what is pinned, all of it or the paths named, at once or (`stream=true`) one a line. */
export async function pinLs(exchange: Exchange): Promise<void> {
  const { query, response } = exchange;
  const type = query.get('type') ?? 'all';
  if (!KINDS.includes(type)) throw new HttpError(400, `type "${type}" is not one of ${KINDS.join(', ')}`);
  const found = query.has('arg') ? named(exchange, type) : every(exchange, type);
  if (flag(query, 'stream', false)) {
    const lines = (async function* () {
      for await (const { cid, kind } of found) yield { Cid: cid, Type: kind };
    })();
    return sendLines(response, lines);
  }
  const keys: Record<string, { Type: string }> = {};
  for await (const { cid, kind } of found) keys[cid] = { Type: kind };
  sendJson(response, { Keys: keys });
}

type Found = { cid: string; kind: Pin['kind'] | 'indirect' };

async function* every(exchange: Exchange, type: string): AsyncGenerator<Found> {
  if (type !== 'indirect') {
    for (const pin of exchange.pins.list()) if (type === 'all' || type === pin.kind) yield pin;
  }
  if (type === 'all' || type === 'indirect') yield* indirect(exchange);
}

async function* named(exchange: Exchange, type: string): AsyncGenerator<Found> {
  for (const path of argumentsOf(exchange)) {
    const cid = parseCid(path.replace(/^\/ipfs\//, '')).toString();
    const pin = exchange.pins.find(cid);
    if (pin !== undefined && (type === 'all' || type === pin.kind)) yield pin;
    else if (pin === undefined && (type === 'all' || type === 'indirect')) yield await indirectPin(exchange, cid);
    else throw notPinned(cid);
  }
}

async function indirectPin(exchange: Exchange, cid: string): Promise<Found> {
  for await (const found of indirect(exchange)) if (found.cid === cid) return found;
  throw notPinned(cid);
}

/** Blocks below the recursive pins that are not pinned themselves. */
async function* indirect({ blocks, pins, limits }: Exchange): AsyncGenerator<Found> {
  const seen = new Set<string>();
  for (const { cid: root, kind } of pins.list()) {
    if (kind !== 'recursive') continue;
    for await (const { cid } of walk(parseCid(root), (at) => blocks.get(at, { offline: true }), limits)) {
      const text = `${cid}`;
      if (text === root || seen.has(text) || pins.find(text) !== undefined) continue;
      seen.add(text);
      yield { cid: text, kind: 'indirect' };
    }
  }
}

function notPinned(cid: string): HttpError {
  return new HttpError(500, `path '${cid}' is not pinned`);
}
