import { importer } from 'ipfs-unixfs-importer';
import { StorageError } from './errors.ts';
import { type FileLayout, importerOptions, UNIXFS_V1_2025 } from './profile.ts';

const discard = { put: async <T>(cid: T): Promise<T> => cid };

/** The CID a file gets with this layout, computed here; nothing is stored. */
export async function cidOfFile(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  layout: FileLayout = UNIXFS_V1_2025,
): Promise<string> {
  for await (const entry of importer([{ content }], discard, importerOptions(layout))) return entry.cid.toString();
  throw new StorageError('STORAGE_REFUSED', 'the content gave no file', { help: 'Pass bytes or a stream of bytes.' });
}
