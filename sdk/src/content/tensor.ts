import { byteLength, type TensorType } from '@essaim/protocol';
import { type Contents, StorageError } from '@essaim/storage';

/** The bytes that a CID names if they are as many as a tensor of this type has; no more than those are ever read. */
export async function fetchTensor(
  storage: Contents,
  type: TensorType,
  cid: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const expected = byteLength(type);
  try {
    const bytes = await storage.get(cid, { signal, maxBytes: expected });
    return bytes.length === expected ? bytes : undefined;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'STORAGE_TOO_LARGE') return undefined;
    throw error;
  }
}
