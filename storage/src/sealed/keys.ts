import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sha256 } from 'multiformats/hashes/sha2';
import { StorageError } from '../errors.ts';

/** RFC 9180 in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/** Bytes of an X25519 key, public or private. */
export const KEY_BYTES = 32;

/** A key to which bytes are sealed, and what opens them. 32 bytes each. */
export interface SealingKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** A new random key. */
export async function makeSealingKey(): Promise<SealingKey> {
  return sealingKey(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}

/** The key whose private half is given: any 32 bytes. SEALED_KEY_INVALID */
export async function sealingKey(privateKey: Uint8Array): Promise<SealingKey> {
  const imported = await importPrivate(privateKey);
  const { x } = await crypto.subtle.exportKey('jwk', imported);
  if (!x) throw invalidKey('its public half cannot be computed here');
  return { publicKey: fromBase64Url(x), privateKey: new Uint8Array(privateKey) };
}

/** What names a public key in an envelope: its sha2-256 digest. */
export async function keyIdOf(publicKey: Uint8Array): Promise<Uint8Array> {
  return (await sha256.digest(publicKey)).digest;
}

/** SEALED_KEY_INVALID */
export async function importPrivate(privateKey: Uint8Array): Promise<CryptoKey> {
  return imported(privateKey, false);
}

/** SEALED_KEY_INVALID */
export async function importPublic(publicKey: Uint8Array): Promise<CryptoKey> {
  return imported(publicKey, true);
}

async function imported(key: Uint8Array, isPublic: boolean): Promise<CryptoKey> {
  if (key.length !== KEY_BYTES) throw invalidKey(`it has ${key.length} bytes, an X25519 key has ${KEY_BYTES}`);
  try {
    return await suite.kem.importKey('raw', buffer(key), isPublic);
  } catch (cause) {
    throw invalidKey('it is no X25519 key', cause);
  }
}

/** The bytes as a buffer of their own. */
export const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

function fromBase64Url(text: string): Uint8Array {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function invalidKey(reason: string, cause?: unknown): StorageError {
  return new StorageError('SEALED_KEY_INVALID', `this sealing key is refused: ${reason}`, {
    help: 'Give the 32 bytes of an X25519 key, as makeSealingKey makes one.',
    cause,
  });
}
