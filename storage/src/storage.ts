import type { CodecName } from './cid.ts';

const MiB = 1024 * 1024;

/** The largest block read or written: twice Kubo's own limit for what it exchanges. */
export const MAX_BLOCK_BYTES = 4 * MiB;
/** The largest file read unless `maxBytes` says otherwise. */
export const DEFAULT_MAX_BYTES = 256 * MiB;
/** Milliseconds until a call gives up unless `timeoutMs` says otherwise. */
export const DEFAULT_TIMEOUT_MS = 120_000;

export interface WaitOptions {
  /** Ends the call with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds until the whole call fails with STORAGE_TIMEOUT; default 120,000. */
  timeoutMs?: number;
}

export interface PutOptions extends WaitOptions {
  /** Keep the content when the server collects garbage; default true. */
  pin?: boolean;
  /** The most bytes sent, default 256 MiB; more fails with STORAGE_TOO_LARGE. */
  maxBytes?: number;
}

export interface GetOptions extends WaitOptions {
  /** The most bytes returned, default 256 MiB; more fails with STORAGE_TOO_LARGE before the content is read. */
  maxBytes?: number;
  /** First byte wanted, default 0. */
  offset?: number;
  /** Number of bytes wanted, default all that follow `offset`; past the end gives what there is. */
  length?: number;
}

/** A block of dag-cbor that the chain names by its digest. */
export interface ManifestReference {
  cid: string;
  /** The block's sha2-256 digest, 32 bytes as 0x hex. */
  digest: string;
}

/**
 * Content by CID. Whatever a server answers is checked against the CID before it is returned: wrong bytes fail with
 * STORAGE_BYTES_MISMATCH. All calls fail with a StorageError, or with the signal's reason when it aborts.
 */
export interface Storage {
  /** Stores a file (UnixFS, profile unixfs-v1-2025) and returns its CID, computed here and agreed by the server. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<string>;
  /** The bytes of a file, or the part of it that `offset` and `length` name. */
  get(cid: string, options?: GetOptions): Promise<Uint8Array>;
  /** Stores one block of at most 4 MiB and returns its CIDv1. */
  putBlock(codec: CodecName, bytes: Uint8Array, options?: PutOptions): Promise<string>;
  /** The bytes of one block. */
  getBlock(cid: string, options?: WaitOptions): Promise<Uint8Array>;
  /** Stores a value as a dag-cbor block. */
  putManifest(value: unknown, options?: PutOptions): Promise<ManifestReference>;
  /** The value of a manifest, named by its digest (0x hex) or its CID. */
  getManifest(reference: string, options?: WaitOptions): Promise<unknown>;
  /** Keeps a DAG when the server collects garbage. */
  pin(cid: string, options?: WaitOptions): Promise<void>;
  /** Lets a DAG go; STORAGE_NOT_FOUND if it was not pinned. */
  unpin(cid: string, options?: WaitOptions): Promise<void>;
  /** True when the server itself holds the block that `cid` names (nothing is fetched from elsewhere). */
  has(cid: string, options?: WaitOptions): Promise<boolean>;
}

/** What inputs and results need of a storage. */
export type Contents = Pick<Storage, 'put' | 'get' | 'putManifest' | 'getManifest'>;
