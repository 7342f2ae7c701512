import { StorageError } from './errors.ts';

/** The chunks of a web stream; leaving the loop early cancels it. */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** All bytes of a stream as one array; stops with STORAGE_TOO_LARGE at the first byte above `maxBytes`. */
export async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(what, maxBytes);
    parts.push(chunk);
  }
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * A stream read once and seen twice, in step and without buffering: each chunk goes to `copy` before `original`
 * yields it. `failure()` is what the source itself threw, if it did.
 */
export function tee(source: AsyncIterable<Uint8Array>, maxBytes: number) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => undefined);
  let failure: unknown;
  async function* original(): AsyncGenerator<Uint8Array> {
    let total = 0;
    let complete = false;
    try {
      for await (const chunk of source) {
        total += chunk.length;
        if (total > maxBytes) throw tooLarge('the content', maxBytes);
        await writer.write(chunk);
        yield chunk;
      }
      complete = true;
      await writer.close();
    } catch (cause) {
      failure = cause;
      throw cause;
    } finally {
      if (!complete) await writer.abort(failure).catch(() => undefined);
    }
  }
  return { original: original(), copy: chunksOf(readable), failure: () => failure };
}

/** The error for content above a size limit. */
export function tooLarge(what: string, maxBytes: number): StorageError {
  return new StorageError('STORAGE_TOO_LARGE', `${what} exceeds ${maxBytes} bytes`, {
    help: 'Pass a larger maxBytes if this size is expected.',
    details: { maxBytes },
  });
}
