import { createCipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';

/** RFC 9180 in base mode, written anew from the RFC with Node's primitives: what the envelope is tested against. */
const text = (words: string) => Buffer.from(words);
const KEM = Buffer.concat([text('KEM'), Buffer.of(0x00, 0x20)]);
const SUITE = Buffer.concat([text('HPKE'), Buffer.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02)]);
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

const privateOf = (raw: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
const publicOf = (raw: Uint8Array) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });

/** The public half of an X25519 key. */
export const publicHalf = (raw: Uint8Array): Uint8Array =>
  createPublicKey(privateOf(raw)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);

const extract = (suite: Buffer, salt: Uint8Array, label: string, ikm: Uint8Array) =>
  createHmac('sha256', salt.length ? salt : Buffer.alloc(32))
    .update(Buffer.concat([text('HPKE-v1'), suite, text(label), ikm]))
    .digest();

/** HKDF-Expand alone: at most one block is ever wanted here. */
function expand(suite: Buffer, prk: Uint8Array, label: string, info: Uint8Array, length: number): Buffer {
  const size = Buffer.of(length >> 8, length & 255);
  const labelled = Buffer.concat([size, text('HPKE-v1'), suite, text(label), info]);
  return createHmac('sha256', prk)
    .update(Buffer.concat([labelled, Buffer.of(1)]))
    .digest()
    .subarray(0, length);
}

/** The sender's share, and what seals chunk after chunk. */
export function sender(ephemeral: Uint8Array, recipient: Uint8Array, info: Uint8Array) {
  const enc = publicHalf(ephemeral);
  const dh = diffieHellman({ privateKey: privateOf(ephemeral), publicKey: publicOf(recipient) });
  const eae = extract(KEM, Buffer.alloc(0), 'eae_prk', dh);
  const shared = expand(KEM, eae, 'shared_secret', Buffer.concat([enc, recipient]), 32);
  const psk = extract(SUITE, Buffer.alloc(0), 'psk_id_hash', Buffer.alloc(0));
  const about = extract(SUITE, Buffer.alloc(0), 'info_hash', info);
  const schedule = Buffer.concat([Buffer.of(0), psk, about]);
  const secret = extract(SUITE, shared, 'secret', Buffer.alloc(0));
  const key = expand(SUITE, secret, 'key', schedule, 32);
  const base = expand(SUITE, secret, 'base_nonce', schedule, 12);
  const seal = (index: number, plain: Uint8Array, aad: Uint8Array): Buffer => {
    const nonce = Buffer.from(base);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ index) >>> 0, 8);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  return { enc, seal };
}
