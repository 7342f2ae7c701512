import { EssaimError } from '../errors.ts';
import { byteLength, type TensorType } from '../program/types.ts';
import { type ByteSource, inMemory } from './byte-source.ts';
import { fromHex, type Hash, toHex, ZERO_HASH } from './bytes.ts';
import { CHUNK, defaultHasher, type Hasher, wasmHasher } from './hasher.ts';
import { depthOf, type Layer, layersOf, rootFrom, siblingsOf, zeroRoots } from './positional.ts';
import { tagged } from './tags.ts';
import { encodeType } from './type.ts';

const ZEROS = zeroRoots(22, wasmHasher.nodes);

/** Number of chunks of `bytes` bytes. */
export const chunkCount = (bytes: number): number => Math.ceil(bytes / CHUNK);

/** keccak256(tag ‖ type bytes ‖ chunk root). */
export const tensorRoot = (type: TensorType, chunkRoot: Hash): Hash =>
  tagged('tensor', encodeType(type), fromHex(chunkRoot, 32));

/** Bytes of a source that are hashed at a time. */
const BLOCK = 4 * 2 ** 20;

function leavesOf(source: ByteSource, hasher: Hasher): Uint8Array {
  const leaves = new Uint8Array(32 * chunkCount(source.length));
  for (let at = 0; at < source.length; at += BLOCK) {
    leaves.set(hasher.leaves(source.read(at, Math.min(BLOCK, source.length - at))), (32 * at) / CHUNK);
  }
  return leaves;
}

/** The sha256 tree over a tensor's chunks; keeps its layers to open them. Bytes are not copied; a source is read again. */
export class ChunkTree {
  readonly root: Hash;
  readonly #source: ByteSource;
  readonly #layers: Layer[];

  constructor(bytes: Uint8Array | ByteSource, hasher: Hasher = defaultHasher()) {
    const isArray = bytes instanceof Uint8Array;
    this.#source = isArray ? inMemory(bytes) : bytes;
    const leaves = isArray ? hasher.leaves(bytes) : leavesOf(bytes, hasher);
    this.#layers = layersOf(leaves, (pairs) => hasher.nodes(pairs), ZEROS);
    this.root = bytes.length === 0 ? ZERO_HASH : toHex(this.#layers[this.#layers.length - 1]);
  }

  /** Chunk `index` with its padding. */
  chunk(index: number): Uint8Array {
    const start = Math.min(index * CHUNK, this.#source.length);
    const chunk = this.#source.read(start, Math.min(CHUNK, this.#source.length - start));
    if (chunk.length === CHUNK) return chunk;
    const padded = new Uint8Array(CHUNK);
    padded.set(chunk);
    return padded;
  }

  /** Siblings that open the chunks at the sorted, distinct `indices`. */
  openings(indices: readonly number[]): Uint8Array[] {
    return siblingsOf(this.#layers, ZEROS, indices);
  }
}

/** What opens chunks: a ChunkTree, or one rebuilt from what an executor showed. */
export type ChunkOpener = Pick<ChunkTree, 'root' | 'chunk' | 'openings'>;

/** A committed tensor: type, bytes in the type's physical order, tree and root. */
export interface Tensor {
  readonly type: TensorType;
  readonly bytes: Uint8Array;
  readonly tree: ChunkOpener;
  readonly root: Hash;
}

/** Commits to `bytes`; throws `TENSOR_WRONG_LENGTH` unless they are the type's length. */
export function commitTensor(type: TensorType, bytes: Uint8Array, hasher?: Hasher): Tensor {
  if (bytes.length !== byteLength(type)) {
    throw new EssaimError(
      'TENSOR_WRONG_LENGTH',
      `${bytes.length} bytes for ${type.dtype}[${type.dims}], which has ${byteLength(type)}`,
      { help: 'Give the elements little-endian, in the physical order of the layout.' },
    );
  }
  const tree = new ChunkTree(bytes, hasher);
  return { type, bytes, tree, root: tensorRoot(type, tree.root) };
}

/** Sorted, distinct chunks that byte ranges touch; ranges ascend by offset and are not empty. */
export function chunksOf(ranges: readonly { offset: number; length: number }[]): number[] {
  const out: number[] = [];
  for (const { offset, length } of ranges) {
    for (let k = Math.floor(offset / CHUNK); k <= Math.floor((offset + length - 1) / CHUNK); k++) {
      if (out.length === 0 || k > out[out.length - 1]) out.push(k);
    }
  }
  return out;
}

/** Chunk root that opened chunks and siblings give in a tensor of `bytes` bytes; null if they don't fit. */
export function chunkRootFrom(
  bytes: number,
  indices: readonly number[],
  chunks: readonly Uint8Array[],
  siblings: readonly Uint8Array[],
): Hash | null {
  if (indices.some((index) => index >= chunkCount(bytes))) return null;
  const leaves = chunks.map((chunk) => wasmHasher.leaves(chunk));
  const root = rootFrom(indices, leaves, depthOf(chunkCount(bytes)), siblings, wasmHasher.nodes);
  return root && toHex(root);
}

const CANONICAL = 0x7fc00000;
const wordsOf = ({ buffer, byteOffset, length }: Uint8Array) => new Int32Array(buffer, byteOffset, length / 4);
const isOther = (bits: number): boolean => (bits & 0x7fffffff) > 0x7f800000 && bits !== CANONICAL;

/** Whether some word is beyond infinity, four at a time: the sum of its magnitude and the bits below reaches the sign. */
function mayHoldNaN(words: Int32Array): boolean {
  let signs = 0;
  let i = 0;
  for (; i + 3 < words.length; i += 4) {
    signs |=
      ((words[i] & 0x7fffffff) + 0x7fffff) |
      ((words[i + 1] & 0x7fffffff) + 0x7fffff) |
      ((words[i + 2] & 0x7fffffff) + 0x7fffff) |
      ((words[i + 3] & 0x7fffffff) + 0x7fffff);
  }
  for (; i < words.length; i++) signs |= (words[i] & 0x7fffffff) + 0x7fffff;
  return signs < 0;
}

/** The bytes with every float32 NaN the canonical one, 0x7fc00000: the same array unless it holds another one. */
export function canonicalNaN(type: TensorType, bytes: Uint8Array): Uint8Array {
  if (type.dtype !== 'float32') return bytes;
  const words = wordsOf(bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes));
  if (!mayHoldNaN(words)) return bytes;
  let first = 0;
  while (first < words.length && !isOther(words[first])) first++;
  if (first === words.length) return bytes;
  const out = new Uint8Array(bytes);
  const copy = wordsOf(out);
  for (let i = first; i < copy.length; i++) if (isOther(copy[i])) copy[i] = CANONICAL;
  return out;
}
