import type { CID } from 'multiformats/cid';
import { chunksOf, collect } from '../byte-stream.ts';
import { inlineBytes, matches } from '../cid.ts';
import { StorageError } from '../errors.ts';
import { MAX_BLOCK_BYTES } from '../storage.ts';
import type { Endpoint } from './endpoint.ts';
import { failure, refusal } from './failure.ts';

/**
 * Asks the server for one block, reads no more than a block can hold and checks every byte against the CID. The RPC
 * client is not used here because it would buffer whatever a server cares to send.
 */
export async function readBlock(endpoint: Endpoint, cid: CID, signal: AbortSignal): Promise<Uint8Array> {
  const what = `reading block ${cid}`;
  const bytes = inlineBytes(cid) ?? (await request(endpoint, cid, signal, what));
  if (await matches(cid, bytes)) return bytes;
  throw new StorageError('STORAGE_BYTES_MISMATCH', `${endpoint.url} answered other bytes than ${cid} names`, {
    help: 'The server is faulty or lies; read from another one.',
    details: { cid: cid.toString(), url: endpoint.url },
  });
}

async function request(endpoint: Endpoint, cid: CID, signal: AbortSignal, what: string): Promise<Uint8Array> {
  try {
    const response = await fetch(`${endpoint.url}/block/get?arg=${cid}`, {
      method: 'POST',
      headers: endpoint.headers,
      signal,
    });
    const body = response.body === null ? noChunks() : chunksOf(response.body);
    if (response.ok) return await collect(body, MAX_BLOCK_BYTES, `block ${cid}`);
    throw refusal(endpoint, what, response.status, messageOf(await collect(body, 65_536, 'an error message')));
  } catch (cause) {
    throw failure(endpoint, what, cause);
  }
}

function messageOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  try {
    return String(JSON.parse(text).Message ?? text);
  } catch {
    return text;
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}
