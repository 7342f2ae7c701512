import { create } from 'kubo-rpc-client';
import type { CID } from 'multiformats/cid';
import { tee, tooLarge } from '../byte-stream.ts';
import { cidOfBlock, digestOfCid, parseCid } from '../cid.ts';
import { StorageError } from '../errors.ts';
import { cidOfFile } from '../import-file.ts';
import { encodeManifest } from '../manifest.ts';
import { addParameters, UNIXFS_V1_2025 } from '../profile.ts';
import { DEFAULT_MAX_BYTES, MAX_BLOCK_BYTES, type Storage, type WaitOptions } from '../storage.ts';
import { attempt } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import type { Reader } from './ipfs-reader.ts';

/** What stores and keeps content. */
export type Writer = Omit<Storage, keyof Reader>;

/** The other calls of {@link ipfsStorage}. */
export function ipfsWriter(endpoint: Endpoint): Writer {
  const client = create({ url: endpoint.url, headers: endpoint.headers });
  const call = <T>(what: string, wait: WaitOptions | undefined, work: (signal: AbortSignal) => Promise<T>) =>
    attempt(endpoint, what, wait, work);

  const putBlock: Writer['putBlock'] = (codec, bytes, { pin = true, ...wait } = {}) =>
    call('storing a block', wait, async (signal) => {
      if (bytes.length > MAX_BLOCK_BYTES) throw tooLarge('the block', MAX_BLOCK_BYTES);
      const cid = await cidOfBlock(codec, bytes);
      const parameters = { cidCodec: codec, mhtype: 'sha2-256', pin, signal };
      return agreed(
        cid.toString(),
        await client.block.put(bytes, parameters as Parameters<typeof client.block.put>[1]),
      );
    });

  return {
    putBlock,

    async put(content, { pin = true, maxBytes = DEFAULT_MAX_BYTES, ...wait } = {}) {
      const source = tee(asChunks(content), maxBytes);
      try {
        return await call('storing a file', wait, async (signal) => {
          const parameters = { ...addParameters(UNIXFS_V1_2025), pin, signal };
          const sending = client.add({ content: source.original }, parameters);
          const [cid, added] = await Promise.all([cidOfFile(source.copy), sending]);
          return agreed(cid, added.cid);
        });
      } catch (cause) {
        throw source.failure() ?? cause; // the RPC client hides what its source threw
      }
    },

    async putManifest(value, put) {
      const cid = await putBlock('dag-cbor', encodeManifest(value), put);
      return { cid, digest: digestOfCid(cid) };
    },

    pin: (text, wait) =>
      call(`pinning ${text}`, wait, async (signal) => {
        await client.pin.add(parseCid(text).toString(), { signal });
      }),

    unpin: (text, wait) =>
      call(`unpinning ${text}`, wait, async (signal) => {
        await client.pin.rm(parseCid(text).toString(), { signal });
      }),

    async has(text, wait) {
      try {
        await call(`looking for ${text}`, wait, async (signal) => {
          const parameters = { offline: true, signal } as Parameters<typeof client.block.stat>[1];
          await client.block.stat(parseCid(text), parameters);
        });
        return true;
      } catch (cause) {
        if (cause instanceof StorageError && cause.code === 'STORAGE_NOT_FOUND') return false;
        throw cause;
      }
    },
  };

  function agreed(ours: string, theirs: CID): string {
    if (theirs.toString() === ours) return ours;
    throw new StorageError('STORAGE_CID_DISAGREES', `${endpoint.url} names the content ${theirs}, it is ${ours}`, {
      help: 'The server ignores the file layout it was asked for, or stored other bytes. Use another server.',
      details: { ours, theirs: theirs.toString() },
    });
  }
}

async function* asChunks(content: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const step = UNIXFS_V1_2025.chunkBytes;
  yield new Uint8Array(); // a file without bytes is still a file
  if (!(content instanceof Uint8Array)) return yield* content;
  for (let at = 0; at < content.length; at += step) yield content.subarray(at, at + step);
}
