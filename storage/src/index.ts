export { CODEC, type CodecName, cidOfDigest, digestOfCid } from './cid.ts';
export { StorageError, type StorageErrorCode } from './errors.ts';
export { cidOfFile } from './import-file.ts';
export { type IpfsStorageOptions, ipfsStorage } from './ipfs/ipfs-storage.ts';
export { decodeManifest, encodeManifest } from './manifest.ts';
export { type FileLayout, UNIXFS_V1_2025 } from './profile.ts';
export * from './sealed/index.ts';
export {
  type Contents,
  DEFAULT_MAX_BYTES,
  DEFAULT_TIMEOUT_MS,
  type GetOptions,
  MAX_BLOCK_BYTES,
  type ManifestReference,
  type PutOptions,
  type Storage,
  type WaitOptions,
} from './storage.ts';
