import {
  checkpointRoot,
  commitTensor,
  EssaimError,
  type Hash,
  type Hasher,
  type Tensor,
  type TensorType,
} from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { fetchTensor } from '../content/tensor.ts';

/** Stores a checkpoint's tensors; returns their CIDs. */
export const storeTensors = (
  storage: Storage,
  tensors: readonly { readonly bytes: Uint8Array }[],
  signal?: AbortSignal,
): Promise<string[]> => Promise.all(tensors.map(({ bytes }) => storage.put(bytes, { signal })));

/**
 * Fetches a checkpoint and checks that it is the one that `root` commits to. CHECKPOINT_MISMATCH; what storage throws
 * where it is not served.
 */
export async function fetchCheckpoint(
  storage: Storage,
  types: readonly TensorType[],
  cids: readonly string[],
  root: Hash,
  { hasher, signal }: { hasher?: Hasher; signal?: AbortSignal } = {},
): Promise<Tensor[]> {
  const tensors = await Promise.all(
    types.map(async (type, i) => {
      const bytes = cids[i] === undefined ? undefined : await fetchTensor(storage, type, cids[i], signal);
      return bytes && commitTensor(type, bytes, hasher);
    }),
  );
  const whole = tensors.flatMap((tensor) => tensor ?? []);
  if (whole.length === types.length && cids.length === types.length && checkpointRoot(whole) === root) return whole;
  throw new EssaimError('CHECKPOINT_MISMATCH', `the tensors served are not the checkpoint ${root}`, {
    help: 'do not go on from it: whoever serves it serves something else than was committed to',
    details: { root },
  });
}
