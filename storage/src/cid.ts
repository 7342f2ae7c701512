import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { StorageError } from './errors.ts';

/** Multicodec numbers of the block formats this package reads and writes. */
export const CODEC = { raw: 0x55, 'dag-pb': 0x70, 'dag-cbor': 0x71 } as const;
export type CodecName = keyof typeof CODEC;

const IDENTITY = 0;
/** The longest digest an identity CID may carry, as in Kubo. */
const IDENTITY_MAX_BYTES = 128;
const DIGEST_HEX = /^0x[0-9a-fA-F]{64}$/;

/**
 * Reads a CID whose content this package can check: sha2-256, or identity (the content is in the CID itself).
 * @throws StorageError STORAGE_CID_INVALID for anything else.
 */
export function parseCid(text: string | CID): CID {
  let cid: CID;
  try {
    cid = typeof text === 'string' ? CID.parse(text) : text;
  } catch (cause) {
    throw invalid(String(text), 'it is not a CID', cause);
  }
  const { code, size } = cid.multihash;
  const checkable = (code === sha256.code && size === 32) || (code === IDENTITY && size <= IDENTITY_MAX_BYTES);
  if (!checkable)
    throw invalid(String(text), `hash function 0x${code.toString(16)} with ${size} bytes is not supported`);
  return cid;
}

/** The CIDv1 of a manifest (a dag-cbor block) from its sha2-256 digest, 32 bytes as 0x hex. */
export function cidOfDigest(digest: string): string {
  if (!DIGEST_HEX.test(digest)) throw invalid(digest, 'a digest is 32 bytes written as 0x and 64 hex digits');
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(digest.slice(2 + 2 * i, 4 + 2 * i), 16));
  return CID.createV1(CODEC['dag-cbor'], createDigest(sha256.code, bytes)).toString();
}

/** The sha2-256 digest in a CID as 0x hex: what the chain holds of a manifest. */
export function digestOfCid(cid: string): string {
  const { code, digest } = parseCid(cid).multihash;
  if (code === IDENTITY) throw invalid(cid, 'an identity CID has no digest');
  return `0x${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The bytes an identity CID carries, or undefined for a CID that names bytes by their hash. */
export function inlineBytes(cid: CID): Uint8Array | undefined {
  return cid.multihash.code === IDENTITY ? cid.multihash.digest : undefined;
}

/** The CIDv1 of one block. */
export async function cidOfBlock(codec: CodecName, bytes: Uint8Array): Promise<CID> {
  return CID.createV1(CODEC[codec], await sha256.digest(bytes));
}

/** True when `bytes` are the block that `cid` names. */
export async function matches(cid: CID, bytes: Uint8Array): Promise<boolean> {
  const inline = inlineBytes(cid);
  const expected = inline ?? cid.multihash.digest;
  const actual = inline ? bytes : (await sha256.digest(bytes)).digest;
  return expected.length === actual.length && expected.every((byte, i) => byte === actual[i]);
}

function invalid(text: string, reason: string, cause?: unknown): StorageError {
  const shown = text.length > 100 ? `${text.slice(0, 100)}...` : text;
  return new StorageError('STORAGE_CID_INVALID', `"${shown}" is refused: ${reason}`, {
    help: 'Pass a CID with a sha2-256 hash, as IPFS prints by default.',
    cause,
    details: { cid: shown },
  });
}
