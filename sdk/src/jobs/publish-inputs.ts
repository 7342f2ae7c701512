import { type Contents, cidOfFile, encodeManifest } from '@essaim/storage';
import { sha256 } from 'ethers';
import type { InputsManifest } from '../content/manifests.ts';

/** A job's inputs as its terms name them, not stored yet. */
export interface PublishableInputs {
  /** Of their manifest. */
  readonly digest: string;
  /** Of a sealed job: what opens them and the result. */
  readonly key?: string;
  /** Stores them and their manifest. */
  publish(storage: Contents, signal?: AbortSignal): Promise<void>;
}

type Claims = readonly (readonly Uint8Array[])[];

/** Inputs that anybody can read. */
export async function openInputs(claims: Claims): Promise<PublishableInputs> {
  const manifest = await manifestOf(claims);
  return {
    digest: sha256(encodeManifest(manifest)),
    async publish(storage, signal) {
      for (const tensors of claims) await Promise.all(tensors.map((bytes) => storage.put(bytes, { signal })));
      await storage.putManifest(manifest, { signal });
    },
  };
}

/** The manifest of files with this content. */
export async function manifestOf(claims: Claims): Promise<InputsManifest> {
  const cids: string[][] = [];
  for (const tensors of claims) cids.push(await Promise.all(tensors.map((bytes) => cidOfFile(bytes))));
  return { kind: 'essaim/inputs/1', claims: cids };
}
