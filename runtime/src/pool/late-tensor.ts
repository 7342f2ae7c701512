import type { Hash } from '@essaim/protocol';
import { ChunkTree, type Tensor, type TensorType } from '@essaim/protocol';
import { nativeHasher } from '../native-hasher.ts';

/** A tensor that a worker hashed: its tree, and its bytes if they have to be made, are here once somebody asks. */
export function lateTensor(type: TensorType, root: Hash, bytesOf: () => Uint8Array): Tensor {
  let bytes: Uint8Array | undefined;
  let tree: ChunkTree | undefined;
  return {
    type,
    root,
    get bytes() {
      bytes ??= bytesOf();
      return bytes;
    },
    get tree() {
      tree ??= new ChunkTree(this.bytes, nativeHasher);
      return tree;
    },
  };
}
