import type { ImporterOptions } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

/** How a file becomes blocks: two writers with equal settings give a file the same CID. */
export interface FileLayout {
  cidVersion: 0 | 1;
  rawLeaves: boolean;
  /** Bytes in a leaf. */
  chunkBytes: number;
  /** Links in an inner node. */
  maxLinks: number;
}

/** The profile `unixfs-v1-2025` of IPIP-499: every file of this project is written with it. */
export const UNIXFS_V1_2025: FileLayout = { cidVersion: 1, rawLeaves: true, chunkBytes: 1_048_576, maxLinks: 1024 };

/** A file layout as the query parameters of Kubo's `add`, all of them, since Kubo's own defaults differ. */
export function addParameters(layout: FileLayout) {
  return {
    cidVersion: layout.cidVersion,
    rawLeaves: layout.rawLeaves,
    chunker: `size-${layout.chunkBytes}`,
    maxFileLinks: layout.maxLinks,
  };
}

/** A file layout as options of the importer. One file at a time, since a batch would starve a streamed upload. */
export function importerOptions(layout: FileLayout): ImporterOptions {
  return {
    cidVersion: layout.cidVersion,
    rawLeaves: layout.rawLeaves,
    leafType: 'file',
    chunker: fixedSize({ chunkSize: layout.chunkBytes }),
    layout: balanced({ maxChildrenPerNode: layout.maxLinks }),
    shardSplitStrategy: 'links-bytes',
    fileImportConcurrency: 1,
    blockWriteConcurrency: 8,
  };
}
