import type { CID } from 'multiformats/cid';
import { tooLarge } from '../byte-stream.ts';
import { parseCid } from '../cid.ts';
import { StorageError } from '../errors.ts';
import { type BlockSource, openFile } from '../file-reader.ts';
import { decodeManifest, manifestCid } from '../manifest.ts';
import { DEFAULT_MAX_BYTES, type Storage } from '../storage.ts';
import { attempt } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import { KeptBlocks } from './kept-blocks.ts';
import { type Patience, readBlock } from './read-block.ts';
import { gatewaySource, nodeSource } from './source.ts';

/** What reads content, and keeps nothing. */
export type Reader = Pick<Storage, 'get' | 'getBlock' | 'getManifest'>;

/** Milliseconds. */
const PATIENCE: Patience = { lateAfter: 2_000, idle: 15_000 };
/** Bytes of files read in part that are kept for another try. */
const KEPT = 64 * 2 ** 20;

export interface ReaderOptions {
  /** The largest file read unless a call says otherwise. */
  readonly maxBytes?: number;
  /** Gateways that are read from too. */
  readonly gateways?: readonly string[];
  readonly patience?: Patience;
}

/** The reading calls of {@link ipfsStorage}. */
export function ipfsReader(endpoint: Endpoint, options: ReaderOptions = {}): Reader {
  const { maxBytes: most = DEFAULT_MAX_BYTES, gateways = [], patience = PATIENCE } = options;
  const sources = [nodeSource(endpoint), ...gateways.map(gatewaySource)];
  const kept = new KeptBlocks(KEPT);
  const block = (cid: CID, signal: AbortSignal) => readBlock(sources, cid, signal, patience);
  const getBlock: Reader['getBlock'] = (text, wait) =>
    attempt(endpoint, `reading ${text}`, wait, (signal) => block(parseCid(text), signal));
  return {
    getBlock,

    get: (text, { maxBytes = most, offset = 0, length, ...wait } = {}) =>
      attempt(endpoint, `reading ${text}`, wait, async (signal) => {
        checkRange(offset, length);
        const read = new Map<string, Uint8Array>();
        let size = 0;
        const source = async (cid: CID) => {
          const bytes = kept.get(cid) ?? (await block(cid, signal));
          size += bytes.length;
          if (size <= KEPT) read.set(cid.toString(), bytes);
          return bytes;
        };
        try {
          const bytes = await whole(text, source, { maxBytes, offset, length });
          kept.drop(read);
          return bytes;
        } catch (cause) {
          kept.keep(read);
          throw cause;
        }
      }),

    async getManifest(reference, wait) {
      return decodeManifest(await getBlock(manifestCid(reference), wait));
    },
  };
}

/** The bytes of a file's range, read block by block. */
async function whole(
  text: string,
  source: BlockSource,
  { maxBytes, offset, length }: { maxBytes: number; offset: number; length?: number },
): Promise<Uint8Array> {
  const file = await openFile(parseCid(text), source);
  const wanted = Math.max(0, Math.min(length ?? file.size, file.size - offset));
  if (wanted > maxBytes) throw tooLarge(`${text} (${wanted} bytes)`, maxBytes);
  const bytes = new Uint8Array(wanted);
  let at = 0;
  for await (const chunk of file.read({ offset, length: wanted })) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function checkRange(offset: number, length: number | undefined): void {
  const valid = (n: number) => Number.isSafeInteger(n) && n >= 0;
  if (valid(offset) && (length === undefined || valid(length))) return;
  throw new StorageError('STORAGE_RANGE_INVALID', `offset ${offset}, length ${length} is not a range of bytes`, {
    help: 'Both are whole numbers from 0.',
    details: { offset, length },
  });
}
