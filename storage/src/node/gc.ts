import type { CID } from 'multiformats/cid';
import { CODEC, parseCid } from '../cid.ts';
import { type Blocks, blockKey } from './blocks.ts';
import { type Exchange, type NodeParts, sendLines } from './exchange.ts';
import { HttpError } from './http-error.ts';
import { linksOf } from './walk.ts';

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

/** The keys of every block that a pin holds. A block that is missing here holds nothing below it. */
async function pinnedKeys({ blocks, pins }: NodeParts): Promise<Set<string>> {
  const keys = new Set<string>();
  const seen = new Set<string>();
  for (const { cid: pinned, kind } of pins.list()) {
    const stack: CID[] = [parseCid(pinned)];
    while (stack.length > 0) {
      const cid = stack.pop()!;
      if (seen.has(`${cid}`)) continue;
      if (kind === 'recursive') seen.add(`${cid}`);
      keys.add(blockKey(cid));
      if (kind === 'recursive' && cid.code !== CODEC.raw) stack.push(...(await linksHeld(blocks, cid)));
    }
  }
  return keys;
}

async function linksHeld(blocks: Blocks, cid: CID): Promise<CID[]> {
  try {
    return linksOf(cid, await blocks.get(cid, { offline: true }));
  } catch (cause) {
    if (cause instanceof HttpError && cause.status === 404) return [];
    throw cause;
  }
}
