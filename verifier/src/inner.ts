import { byteLength, type Hash, innerValues } from '@essaim/protocol';
import { readSegmentManifest } from '@essaim/sdk';
import type { Desk } from './case.ts';
import type { Docket } from './docket.ts';
import { served } from './served.ts';

/**
 * Bytes of a segment's inner values, by number, where its executor said that it serves them: a manifest's digest, or null
 * if it named none. Null where they do not come, or are not as many as they should be; whoever uses them hashes them.
 */
export async function fetchInner(
  desk: Desk,
  { model: { program }, contents: storage = desk.essaim.storage }: Pick<Docket, 'model' | 'contents'>,
  segment: number,
  manifest: Hash | null,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array> | null> {
  if (manifest === null) return null;
  const inner = innerValues(program, segment).map((value) => ({ value, size: byteLength(program.values[value].type) }));
  const maxBytes = inner.reduce((sum, { size }) => sum + size, 0);
  const found = await served(
    desk,
    async () => {
      const { values } = readSegmentManifest(await storage.getManifest(manifest, { signal }));
      return storage.get(values, { signal, maxBytes });
    },
    signal,
  );
  if ('missing' in found || found.content.length !== maxBytes) return null;
  let at = 0;
  return new Map(
    inner.map(({ value, size }) => {
      at += size;
      return [value, found.content.slice(at - size, at)];
    }),
  );
}
