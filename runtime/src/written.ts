import { rename, writeFile } from 'node:fs/promises';

/** A file is there whole or not at all. */
export async function written(file: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${file}.new`, content, { flush: true });
  await rename(`${file}.new`, file);
}
