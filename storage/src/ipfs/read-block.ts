import type { CID } from 'multiformats/cid';
import { chunksOf, collect } from '../byte-stream.ts';
import { inlineBytes, matches } from '../cid.ts';
import { StorageError } from '../errors.ts';
import { MAX_BLOCK_BYTES } from '../storage.ts';
import { failure, refusal } from './failure.ts';
import { firstOf } from './first-of.ts';
import type { Source } from './source.ts';

/** How patiently sources are read from. Times in milliseconds. */
export interface Patience {
  /** After which the next source is asked too. */
  readonly lateAfter: number;
  /** For which an answer that has begun may stand still. */
  readonly idle: number;
}

/** The block as it came breaks off, or stands still. */
const BROKEN = ['STORAGE_UNREACHABLE', 'STORAGE_TIMEOUT'];

/**
 * Asks for one block, reads no more than a block can hold and checks every byte against the CID. A source that fails, is
 * late or gives other bytes is not waited for where there is another. The RPC client is not used here because it would
 * buffer whatever a server cares to send.
 */
export async function readBlock(
  sources: readonly Source[],
  cid: CID,
  signal: AbortSignal,
  patience: Patience,
): Promise<Uint8Array> {
  const inline = inlineBytes(cid);
  if (inline) return checked(inline, cid, 'the CID');
  return firstOf({ sources, lateAfter: patience.lateAfter, signal }, (source, until) =>
    twice(source, cid, until, patience.idle),
  );
}

async function checked(bytes: Uint8Array, cid: CID, url: string): Promise<Uint8Array> {
  if (await matches(cid, bytes)) return bytes;
  throw new StorageError('STORAGE_BYTES_MISMATCH', `${url} answered other bytes than ${cid} names`, {
    help: 'The server is faulty or lies; read from another one.',
    details: { cid: cid.toString(), url },
  });
}

/** An answer that broke off is asked for once more. */
async function twice(source: Source, cid: CID, signal: AbortSignal, idle: number): Promise<Uint8Array> {
  const begun = { isBegun: false };
  try {
    return await checked(await request(source, cid, signal, idle, begun), cid, source.url);
  } catch (cause) {
    const isBroken = cause instanceof StorageError && BROKEN.includes(cause.code);
    if (!begun.isBegun || !isBroken || signal.aborted) throw cause;
    return checked(await request(source, cid, signal, idle, begun), cid, source.url);
  }
}

async function request(
  source: Source,
  cid: CID,
  signal: AbortSignal,
  idle: number,
  begun: { isBegun: boolean },
): Promise<Uint8Array> {
  const what = `reading block ${cid}`;
  const still = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const moved = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => still.abort(), idle);
  };
  try {
    const response = await source.ask(cid, AbortSignal.any([signal, still.signal]));
    begun.isBegun = response.ok;
    moved();
    const body = response.body === null ? noChunks() : felt(chunksOf(response.body), moved);
    if (response.ok) return await collect(body, MAX_BLOCK_BYTES, `block ${cid}`);
    throw refusal(source, what, response.status, messageOf(await collect(body, 65_536, 'an error message')));
  } catch (cause) {
    if (still.signal.aborted && !signal.aborted) throw stalled(source, what, idle, cause);
    throw failure(source, what, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Chunks, of each of which it is told. */
async function* felt(chunks: AsyncIterable<Uint8Array>, moved: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    moved();
    yield chunk;
  }
}

const stalled = ({ url }: Source, what: string, idle: number, cause: unknown): StorageError =>
  new StorageError('STORAGE_TIMEOUT', `${what}: ${url} sent nothing more for ${idle} ms`, {
    help: 'Try again, or name another node or gateway.',
    cause,
    details: { url, idle },
  });

function messageOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  try {
    return String(JSON.parse(text).Message ?? text);
  } catch {
    return text;
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}
