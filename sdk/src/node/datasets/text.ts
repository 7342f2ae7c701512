import { createReadStream } from 'node:fs';
import { EssaimError } from '@essaim/protocol';

/** The text of a UTF-8 file in pieces, without its byte order mark. DATASET_ENCODING, DATASET_UNREADABLE */
export async function* textOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new EssaimError('DATASET_ENCODING', `${path} is not UTF-8`, {
        help: 'save it as UTF-8 and import it again',
        cause,
      });
    }
  };
  for await (const bytes of bytesOf(path)) {
    onBytes(bytes.length);
    yield decode(bytes);
  }
  yield decode();
}

/** A file's bytes; a failure of the disk is DATASET_UNREADABLE. */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    throw unreadable(path, cause);
  }
}

export const unreadable = (path: string, cause?: unknown): EssaimError =>
  new EssaimError('DATASET_UNREADABLE', `${path} cannot be read`, { help: 'check the path and its rights', cause });
