import type { ByteSource } from '../commitments/byte-source.ts';
import type { Hash } from '../commitments/bytes.ts';
import { toLayout } from '../commitments/layout.ts';
import { recent } from '../commitments/recent.ts';
import { ChunkTree, canonicalNaN, commitTensor, type Tensor, tensorRoot } from '../commitments/tensor.ts';
import type { OnnxTensor } from '../onnx/model.ts';
import type { LoweredGraph } from './graph.ts';
import { byteLength, type TensorType } from './types.ts';

/** A weight: an initialiser, committed in one layout. */
export interface Weight extends Tensor {
  readonly name: string;
}

/** A weight of which only the tree is kept; its bytes are read from their file when they are asked for. */
class StreamedWeight implements Weight {
  readonly name: string;
  readonly type: TensorType;
  readonly tree: ChunkTree;
  readonly root: Hash;
  readonly #tensor: OnnxTensor;

  constructor(tensor: OnnxTensor, source: ByteSource, type: TensorType) {
    [this.#tensor, this.name, this.type] = [tensor, tensor.name, type];
    const length = byteLength(type);
    const read = (offset: number, count: number): Uint8Array =>
      type.layout === 0 ? canonicalNaN(type, source.read(offset, count)) : this.bytes.subarray(offset, offset + count);
    this.tree = new ChunkTree({ length, read });
    this.root = tensorRoot(type, this.tree.root);
  }

  get bytes(): Uint8Array {
    return recent.of(this, () => toLayout(this.type, canonicalNaN(this.type, this.#tensor.bytes)));
  }
}

/** The weights of a graph in their order: by their first use, in each layout that is used. */
export function weightsOf({ nodes, constants }: LoweredGraph): { tensor: OnnxTensor; type: TensorType }[] {
  const found = new Map<string, { tensor: OnnxTensor; type: TensorType }>();
  for (const { operands, layouts } of nodes) {
    for (const [slot, name] of operands.entries()) {
      const tensor = constants.get(name);
      if (!tensor) continue;
      const layout = layouts[slot] ?? 0;
      const { dtype, dims } = tensor;
      found.set(`${layout}/${name}`, { tensor: named(tensor, name), type: { dtype, layout, dims: [...dims] } });
    }
  }
  return [...found.values()];
}

/** Constants that were folded may be known by another name than their tensor's. */
const named = (tensor: OnnxTensor, name: string): OnnxTensor => (tensor.name === name ? tensor : { ...tensor, name });

/** Commits to one weight: one that lies outside the model is read in parts, and only its tree is kept. */
export function commitWeight(tensor: OnnxTensor, type: TensorType): Weight {
  if (tensor.source) return new StreamedWeight(tensor, tensor.source, type);
  return { name: tensor.name, ...commitTensor(type, toLayout(type, canonicalNaN(type, tensor.bytes))) };
}
