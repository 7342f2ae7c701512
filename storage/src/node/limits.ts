const MiB = 1024 * 1024;

/** What a node accepts and holds; every number has a default fit for one operator's machine. */
export interface NodeLimits {
  /** Bytes of one upload request. */
  maxUploadBytes: number;
  /** Bytes of all blocks: a block that does not fit has garbage collected, and is refused if that frees too little. */
  maxStoreBytes: number;
  /** Bytes of one block. */
  maxBlockBytes: number;
  /** Blocks of one DAG that is pinned, exported or listed. */
  maxDagBlocks: number;
  /** Bytes of one DAG that is pinned or exported. */
  maxDagBytes: number;
  /** Segments of a path below a CID. */
  maxPathDepth: number;
  /** Milliseconds a peer has to answer with a block. */
  peerTimeoutMs: number;
}

export const DEFAULT_LIMITS: NodeLimits = {
  maxUploadBytes: 16 * 1024 * MiB,
  maxStoreBytes: 64 * 1024 * MiB,
  maxBlockBytes: 4 * MiB,
  maxDagBlocks: 1_000_000,
  maxDagBytes: 64 * 1024 * MiB,
  maxPathDepth: 64,
  peerTimeoutMs: 30_000,
};
