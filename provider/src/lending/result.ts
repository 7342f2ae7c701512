import { concat, fromHex, type Hash, toHex } from '@essaim/protocol';

/** Bytes of a P-256 signature, r and s, and of the head that a result begins with: signature and trace root. */
export const SIGNATURE = 64;
export const HEAD = SIGNATURE + 32;

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' } as const;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const text = (word: string): Uint8Array => new TextEncoder().encode(word);
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** What a session key signs of one execution: whose it is, of what, and every byte of it. */
export async function resultMessage(
  id: string,
  inputsRoot: Hash,
  traceRoot: Hash,
  values: Uint8Array,
): Promise<Uint8Array> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', plain(values)));
  return concat([text('essaim/result/1'), fromHex(id), fromHex(inputsRoot, 32), fromHex(traceRoot, 32), digest]);
}

/** What a session key signs to open a session: which authorisation, and when, in milliseconds. */
export const openingMessage = (digest: string, time: number): Uint8Array =>
  concat([text('essaim/session/1'), fromHex(digest, 32), text(String(time))]);

/** A session key: its private part never leaves the browser's own keeping, so no script can read it. */
export interface SessionKey {
  /** Uncompressed, 65 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export async function makeSessionKey(): Promise<SessionKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign(ECDSA, privateKey, plain(message))),
  };
}

/** Whether a session key signed a message; false for what is no key. */
export async function isSigned(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', plain(publicKey), CURVE, false, ['verify']);
    return await crypto.subtle.verify(ECDSA, key, plain(signature), plain(message));
  } catch {
    return false;
  }
}

/** The body of POST /tasks/<id>. */
export const packResult = (signature: Uint8Array, traceRoot: Hash, values: Uint8Array): Uint8Array =>
  concat([signature, fromHex(traceRoot, 32), values]);

export const unpackResult = (body: Uint8Array): { signature: Uint8Array; traceRoot: Hash; values: Uint8Array } => ({
  signature: body.subarray(0, SIGNATURE),
  traceRoot: toHex(body.subarray(SIGNATURE, HEAD)),
  values: body.subarray(HEAD),
});
