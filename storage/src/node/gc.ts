import type { CID } from 'multiformats/cid';
import { parseCid } from '../cid.ts';
import { blockKey } from './blocks.ts';
import { type Exchange, type NodeParts, sendLines } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { walk } from './walk.ts';

/** Deletes the blocks below no pin and yields what it deleted. Requests that run meanwhile keep what they touch. */
export async function* collectGarbage(parts: NodeParts): AsyncGenerator<CID> {
  yield* parts.blocks.sweep(await pinnedKeys(parts));
}

/** `repo/gc`. */
export function repoGc(exchange: Exchange): Promise<void> {
  const lines = (async function* () {
    for await (const cid of collectGarbage(exchange)) yield { Key: { '/': `${cid}` } };
  })();
  return exchange.blocks.hold(() => sendLines(exchange.response, lines));
}

/** Makes room before an upload where the store is above its size, and refuses the upload if nothing can go. */
export async function makeRoom(parts: NodeParts): Promise<void> {
  const full = () => parts.blocks.stats.bytes >= parts.limits.maxStoreBytes;
  if (!full()) return;
  for await (const _ of collectGarbage(parts));
  if (full()) throw new HttpError(507, `the store holds its ${parts.limits.maxStoreBytes} bytes and all are pinned`);
}

async function pinnedKeys({ blocks, pins, limits }: NodeParts): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const { cid, kind } of pins.list()) {
    const root = parseCid(cid);
    keys.add(blockKey(root));
    if (kind === 'direct') continue;
    const unbounded = { ...limits, maxDagBlocks: Number.MAX_SAFE_INTEGER, maxDagBytes: Number.MAX_SAFE_INTEGER };
    for await (const { cid: below } of walk(root, (at) => blocks.get(at, { offline: true }), unbounded)) {
      keys.add(blockKey(below));
    }
  }
  return keys;
}
