import { tooLarge } from '../byte-stream.ts';
import { parseCid } from '../cid.ts';
import { StorageError } from '../errors.ts';
import { openFile } from '../file-reader.ts';
import { decodeManifest, manifestCid } from '../manifest.ts';
import { DEFAULT_MAX_BYTES, type Storage } from '../storage.ts';
import { attempt } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import { readBlock } from './read-block.ts';

/** What reads content, and keeps nothing. */
export type Reader = Pick<Storage, 'get' | 'getBlock' | 'getManifest'>;

/** The reading calls of {@link ipfsStorage}. */
export function ipfsReader(endpoint: Endpoint): Reader {
  const getBlock: Reader['getBlock'] = (text, wait) =>
    attempt(endpoint, `reading ${text}`, wait, (signal) => readBlock(endpoint, parseCid(text), signal));
  return {
    getBlock,

    get: (text, { maxBytes = DEFAULT_MAX_BYTES, offset = 0, length, ...wait } = {}) =>
      attempt(endpoint, `reading ${text}`, wait, async (signal) => {
        checkRange(offset, length);
        const file = await openFile(parseCid(text), (cid) => readBlock(endpoint, cid, signal));
        const wanted = Math.max(0, Math.min(length ?? file.size, file.size - offset));
        if (wanted > maxBytes) throw tooLarge(`${text} (${wanted} bytes)`, maxBytes);
        const bytes = new Uint8Array(wanted);
        let at = 0;
        for await (const chunk of file.read({ offset, length: wanted })) {
          bytes.set(chunk, at);
          at += chunk.length;
        }
        return bytes;
      }),

    async getManifest(reference, wait) {
      return decodeManifest(await getBlock(manifestCid(reference), wait));
    },
  };
}

function checkRange(offset: number, length: number | undefined): void {
  const valid = (n: number) => Number.isSafeInteger(n) && n >= 0;
  if (valid(offset) && (length === undefined || valid(length))) return;
  throw new StorageError('STORAGE_RANGE_INVALID', `offset ${offset}, length ${length} is not a range of bytes`, {
    help: 'Both are whole numbers from 0.',
    details: { offset, length },
  });
}
