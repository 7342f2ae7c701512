import { type Essaim, type ModelManifest, readModelManifest } from '@essaim/sdk';

/** What a model says of itself, one block that is checked against the digest on the chain. MANIFEST_INVALID, STORAGE_…. */
export async function fetchManifest(essaim: Essaim, digest: string, signal?: AbortSignal): Promise<ModelManifest> {
  return readModelManifest(await essaim.storage.getManifest(digest, { signal }));
}
