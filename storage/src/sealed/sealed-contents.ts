import { collect, tooLarge } from '../byte-stream.ts';
import { StorageError } from '../errors.ts';
import { decodeManifest, encodeManifest } from '../manifest.ts';
import type { Contents } from '../storage.ts';
import { DEFAULT_MAX_BYTES } from '../storage.ts';
import { open, seal } from './envelope.ts';
import { sealedLength } from './header.ts';
import type { SealingKey } from './keys.ts';

/** A manifest of which storage sees the envelope only. */
interface SealedManifest {
  readonly kind: 'essaim/sealed/1';
  readonly sealed: Uint8Array;
}

/**
 * Contents that only the holders of `key` can read: what is put is sealed to it, what is got is opened with it. Sizes and
 * the number of files stay visible. What is not sealed, or not with this key about this matter, is not returned:
 * SEALED_MALFORMED, SEALED_OTHER_KEY, SEALED_FORGED.
 * @param info what everything is about
 */
export function sealedContents(storage: Contents, key: SealingKey, info: Uint8Array): Contents {
  const recipient = { publicKey: key.publicKey, info };
  return {
    async put(content, options = {}) {
      const { maxBytes = DEFAULT_MAX_BYTES } = options;
      const plain = content instanceof Uint8Array ? content : await collect(content, maxBytes, 'the content');
      if (plain.length > maxBytes) throw tooLarge('the content', maxBytes);
      return storage.put(await seal(recipient, plain), { ...options, maxBytes: sealedLength(maxBytes) });
    },
    async get(cid, options = {}) {
      const { maxBytes = DEFAULT_MAX_BYTES, offset = 0, length, ...wait } = options;
      const envelope = await storage.get(cid, { ...wait, maxBytes: sealedLength(maxBytes) });
      const plain = await open(key.privateKey, info, envelope);
      return offset === 0 && length === undefined ? plain : plain.slice(offset, length && offset + length);
    },
    async putManifest(value, options) {
      const manifest: SealedManifest = {
        kind: 'essaim/sealed/1',
        sealed: await seal(recipient, encodeManifest(value)),
      };
      return storage.putManifest(manifest, options);
    },
    async getManifest(reference, options) {
      const { kind, sealed } = ((await storage.getManifest(reference, options)) ?? {}) as Partial<SealedManifest>;
      if (kind === 'essaim/sealed/1' && sealed instanceof Uint8Array)
        return decodeManifest(await open(key.privateKey, info, sealed));
      throw new StorageError('SEALED_MALFORMED', `manifest ${reference} is not sealed`, {
        help: 'Whoever published it must publish it again, sealed; nothing of it was used.',
      });
    },
  };
}
