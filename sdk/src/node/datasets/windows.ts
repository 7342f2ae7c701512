import { stat } from 'node:fs/promises';
import { EssaimError } from '@essaim/protocol';
import { emptyFile } from './csv.ts';
import type { Row, RowSource } from './row.ts';
import { bytesOf, unreadable } from './text.ts';

/**
 * A file's bytes in rows of `window`, for models of language: field `text` holds them, `next` the byte that follows
 * each. What is left at the end is no row.
 */
export async function openWindows(path: string, window = 64): Promise<RowSource> {
  if (!Number.isInteger(window) || window < 1 || window > 1 << 20) {
    throw new EssaimError('DATASET_FORMAT', `a window of ${window} bytes`, { help: 'give 1 to 1,048,576' });
  }
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (size <= window) throw emptyFile(path);
  let done = 0;
  return {
    fields: ['text', 'next'],
    progress: () => ({ bytes: done, total: size }),
    async *rows(): AsyncGenerator<Row> {
      let rest = new Uint8Array(0);
      done = 0;
      for await (const bytes of bytesOf(path)) {
        done += bytes.length;
        const joined = new Uint8Array(rest.length + bytes.length);
        joined.set(rest);
        joined.set(bytes, rest.length);
        let at = 0;
        for (; at + window < joined.length; at += window) {
          const cells = [joined.subarray(at, at + window), joined.subarray(at + 1, at + 1 + window)];
          yield { cells, file: path, line: null };
        }
        rest = joined.slice(at);
      }
    },
  };
}
