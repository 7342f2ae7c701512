import { StorageError } from '../errors.ts';

/** Plain bytes in a chunk: all chunks but the last are full. */
export const CHUNK_BYTES = 1024 * 1024;
/** What AES-256-GCM adds to a chunk. */
export const TAG_BYTES = 16;
/** Version 1; KEM, KDF and AEAD of RFC 9180 by their numbers: X25519, HKDF-SHA256, AES-256-GCM. */
const FIXED = Uint8Array.of(1, 0x00, 0x20, 0x00, 0x01, 0x00, 0x02);
const ID_AT = FIXED.length + 8;
const ENC_AT = ID_AT + 32;
/** Bytes before the first chunk. */
export const HEADER_BYTES = ENC_AT + 32;

/** What stands before the chunks: `version 1 ‖ kem 2 ‖ kdf 2 ‖ aead 2 ‖ chunk bytes 4 ‖ count 4 ‖ key id 32 ‖ enc 32`. */
export interface Header {
  /** Number of chunks, at least one. */
  readonly count: number;
  /** Whom it is sealed to: the digest of the public key. */
  readonly keyId: Uint8Array;
  /** The sender's share of the key. */
  readonly enc: Uint8Array;
}

/** Chunks of so many plain bytes; nothing is one empty chunk. */
export const chunksIn = (length: number): number => Math.max(1, Math.ceil(length / CHUNK_BYTES));

/** Bytes of an envelope of so many plain bytes. */
export const sealedLength = (length: number): number => HEADER_BYTES + length + TAG_BYTES * chunksIn(length);

export function writeHeader({ count, keyId, enc }: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(FIXED);
  view.setUint32(FIXED.length, CHUNK_BYTES);
  view.setUint32(FIXED.length + 4, count);
  bytes.set(keyId, ID_AT);
  bytes.set(enc, ENC_AT);
  return bytes;
}

/** The header of an envelope whose length fits it. SEALED_MALFORMED */
export function readHeader(envelope: Uint8Array): Header {
  if (envelope.length < HEADER_BYTES + TAG_BYTES) throw malformed('it is too short');
  const view = new DataView(envelope.buffer, envelope.byteOffset);
  if (FIXED.some((byte, i) => envelope[i] !== byte)) throw malformed('its version or suite is unknown');
  if (view.getUint32(FIXED.length) !== CHUNK_BYTES) throw malformed('its chunks have another size');
  const count = view.getUint32(FIXED.length + 4);
  const plain = envelope.length - HEADER_BYTES - TAG_BYTES * count;
  if (count === 0 || plain < 0 || chunksIn(plain) !== count) throw malformed('its length is not what its header says');
  return { count, keyId: envelope.slice(ID_AT, ENC_AT), enc: envelope.slice(ENC_AT, HEADER_BYTES) };
}

/** What authenticates chunk `index`: the whole header, its place, and whether it is the last. */
export function placeOf(header: Uint8Array, index: number, count: number): Uint8Array {
  const place = new Uint8Array(HEADER_BYTES + 5);
  place.set(header.subarray(0, HEADER_BYTES));
  new DataView(place.buffer).setUint32(HEADER_BYTES, index);
  place[HEADER_BYTES + 4] = index === count - 1 ? 1 : 0;
  return place;
}

function malformed(reason: string): StorageError {
  return new StorageError('SEALED_MALFORMED', `these bytes are no sealed envelope: ${reason}`, {
    help: 'Whoever published them must publish them again; nothing of them was used.',
  });
}
