import * as dagCbor from '@ipld/dag-cbor';
import { CODEC, cidOfDigest, parseCid } from './cid.ts';
import { StorageError } from './errors.ts';

/** A value as the bytes of a dag-cbor block: one encoding a value, whatever the order of its keys. */
export function encodeManifest(value: unknown): Uint8Array {
  try {
    return dagCbor.encode(value);
  } catch (cause) {
    throw invalid('the value has no dag-cbor encoding', cause);
  }
}

/**
 * The value of a dag-cbor block. Refuses bytes that are not the canonical encoding of what they say, so that a
 * value has one digest.
 */
export function decodeManifest(bytes: Uint8Array): unknown {
  let value: unknown;
  let canonical: Uint8Array;
  try {
    value = dagCbor.decode(bytes);
    canonical = dagCbor.encode(value);
  } catch (cause) {
    throw invalid('the block is not dag-cbor', cause);
  }
  const same = canonical.length === bytes.length && canonical.every((byte, i) => byte === bytes[i]);
  if (!same) throw invalid('the block is not in the canonical encoding');
  return value;
}

/** The CID of a manifest from what names it: its digest (0x hex) or a dag-cbor CID. */
export function manifestCid(reference: string): string {
  const cid = parseCid(reference.startsWith('0x') ? cidOfDigest(reference) : reference);
  if (cid.code !== CODEC['dag-cbor']) throw invalid(`${reference} does not name a dag-cbor block`);
  return cid.toString();
}

function invalid(reason: string, cause?: unknown): StorageError {
  return new StorageError('STORAGE_MANIFEST_INVALID', `manifest refused: ${reason}`, {
    help: 'A manifest is plain data: maps with string keys, lists, strings, integers, bytes, booleans, null, CIDs.',
    cause,
  });
}
