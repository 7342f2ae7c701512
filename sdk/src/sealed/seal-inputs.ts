import { toHex } from '@essaim/protocol';
import { encodeManifest, type SealingKey, seal } from '@essaim/storage';
import { sha256 } from 'ethers';
import { manifestOf, type PublishableInputs } from '../jobs/publish-inputs.ts';
import { type SealedPlace, sealingInfo } from './place.ts';

/** What a sealed job's `inputs` digest names: the inputs' manifest for the job's key, and that key for the provider. */
export interface SealedInputsManifest {
  readonly kind: 'essaim/sealed/1';
  readonly sealed: Uint8Array;
  readonly key: Uint8Array;
}

/** A job's inputs sealed to its own key, which is sealed to the provider's. SEALED_KEY_INVALID */
export async function sealInputs(
  claims: readonly (readonly Uint8Array[])[],
  place: SealedPlace,
  recipient: Uint8Array,
  { publicKey, privateKey }: SealingKey,
): Promise<PublishableInputs> {
  const own = { publicKey, info: sealingInfo('essaim/sealed/1', place) };
  const sealed = await Promise.all(claims.map((tensors) => Promise.all(tensors.map((bytes) => seal(own, bytes)))));
  const manifest: SealedInputsManifest = {
    kind: 'essaim/sealed/1',
    sealed: await seal(own, encodeManifest(await manifestOf(sealed))),
    key: await seal({ publicKey: recipient, info: sealingInfo('essaim/sealed-key/1', place) }, privateKey),
  };
  return {
    digest: sha256(encodeManifest(manifest)),
    key: toHex(privateKey),
    async publish(storage, signal) {
      for (const bytes of sealed.flat()) await storage.put(bytes, { signal });
      await storage.putManifest(manifest, { signal });
    },
  };
}
