import { StorageError } from '../errors.ts';
import {
  CHUNK_BYTES,
  chunksIn,
  HEADER_BYTES,
  placeOf,
  readHeader,
  sealedLength,
  TAG_BYTES,
  writeHeader,
} from './header.ts';
import {
  buffer,
  importPrivate,
  importPublic,
  invalidKey,
  keyIdOf,
  type SealingKey,
  sealingKey,
  suite,
} from './keys.ts';

/** Bytes for whoever holds the private key. */
export interface Recipient {
  readonly publicKey: Uint8Array;
  /** What the envelope is about: it opens with the same words only. */
  readonly info: Uint8Array;
}

/**
 * Seals bytes part by part: the header, then one part for each MiB. SEALED_KEY_INVALID
 * @param ephemeral the sender's share; random unless a test fixes it
 */
export async function* sealParts(
  { publicKey, info }: Recipient,
  plain: Uint8Array,
  ephemeral?: SealingKey,
): AsyncGenerator<Uint8Array> {
  const ekm = ephemeral && {
    privateKey: await importPrivate(ephemeral.privateKey),
    publicKey: await importPublic(ephemeral.publicKey),
  };
  const recipientPublicKey = await importPublic(publicKey);
  const context = await suite.createSenderContext({ recipientPublicKey, info: buffer(info), ekm }).catch((cause) => {
    throw invalidKey('nothing can be sealed to it', cause);
  });
  const count = chunksIn(plain.length);
  const header = writeHeader({ count, keyId: await keyIdOf(publicKey), enc: new Uint8Array(context.enc) });
  yield header;
  for (let i = 0; i < count; i++) {
    const chunk = plain.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    yield new Uint8Array(await context.seal(buffer(chunk), buffer(placeOf(header, i, count))));
  }
}

/** An envelope as a whole. SEALED_KEY_INVALID */
export async function seal(recipient: Recipient, plain: Uint8Array, ephemeral?: SealingKey): Promise<Uint8Array> {
  const envelope = new Uint8Array(sealedLength(plain.length));
  let at = 0;
  for await (const part of sealParts(recipient, plain, ephemeral)) {
    envelope.set(part, at);
    at += part.length;
  }
  return envelope;
}

/**
 * The bytes of an envelope, all of which were authenticated before any is returned. SEALED_MALFORMED where it is none,
 * SEALED_OTHER_KEY where it is for somebody else, SEALED_FORGED where a byte is not what was sealed, or about something
 * else.
 */
export async function open(privateKey: Uint8Array, info: Uint8Array, envelope: Uint8Array): Promise<Uint8Array> {
  const { count, keyId, enc } = readHeader(envelope);
  const own = await keyIdOf((await sealingKey(privateKey)).publicKey);
  if (own.some((byte, i) => keyId[i] !== byte)) {
    throw new StorageError('SEALED_OTHER_KEY', 'these bytes are sealed to another key than the one at hand', {
      help: 'Open them with the key that they were sealed to; nobody can read them without it.',
    });
  }
  const plain = new Uint8Array(envelope.length - HEADER_BYTES - TAG_BYTES * count);
  try {
    const recipientKey = await importPrivate(privateKey);
    const context = await suite.createRecipientContext({ recipientKey, enc: buffer(enc), info: buffer(info) });
    for (let i = 0, at = HEADER_BYTES; i < count; i++) {
      const sealed = envelope.subarray(at, at + CHUNK_BYTES + TAG_BYTES);
      const chunk = await context.open(buffer(sealed), buffer(placeOf(envelope, i, count)));
      plain.set(new Uint8Array(chunk), i * CHUNK_BYTES);
      at += sealed.length;
    }
  } catch (cause) {
    throw new StorageError('SEALED_FORGED', 'these bytes are not what was sealed, or were sealed for something else', {
      help: 'Do not use them; nothing of them was used here.',
      cause,
    });
  }
  return plain;
}
