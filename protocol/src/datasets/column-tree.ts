import { type Hash, toHex, ZERO_HASH } from '../commitments/bytes.ts';
import { CHUNK, defaultHasher, type Hasher } from '../commitments/hasher.ts';
import { depthOf } from '../commitments/positional.ts';
import { chunkCount } from '../commitments/tensor.ts';
import { joinPair, PART_BYTES, PART_CHUNKS, PART_HEIGHT, ZEROS } from './parts.ts';

/** What is kept of a column to add to it: nothing of it is hashed again but its last, unfinished chunk. */
export interface ColumnSoFar {
  /** Roots of the parts that are full. */
  readonly parts: readonly Uint8Array[];
  /** Leaves of the full chunks after those parts, 32 bytes each. */
  readonly leaves: Uint8Array;
  /** Bytes after the last full chunk. */
  readonly tail: Uint8Array;
}

export interface ColumnTreeOptions {
  hasher?: Hasher;
  /** Called with the leaves of chunks as they fill, in order. */
  onLeaves?: (leaves: Uint8Array) => void;
}

/**
 * The sha256 tree over a column that grows at its end: holds one node a height and the unfinished chunk, whatever the
 * column's length. Its root is at any moment that of a ChunkTree over the same bytes.
 */
export class ColumnTree {
  readonly #hasher: Hasher;
  readonly #onLeaves: ((leaves: Uint8Array) => void) | undefined;
  /** At height h the left node that waits for its right neighbour, where bit h of the number of full chunks is set. */
  readonly #waiting: (Uint8Array | undefined)[] = [];
  readonly #parts: Uint8Array[] = [];
  readonly #tail = new Uint8Array(CHUNK);
  #tailLength = 0;
  #chunks = 0;

  constructor(options: ColumnTreeOptions = {}) {
    this.#hasher = options.hasher ?? defaultHasher();
    this.#onLeaves = options.onLeaves;
  }

  /** The tree of a column as it was left. */
  static resume({ parts, leaves, tail }: ColumnSoFar, options?: ColumnTreeOptions): ColumnTree {
    const tree = new ColumnTree(options);
    for (const part of parts) tree.#add(part, PART_HEIGHT);
    tree.#chunks = parts.length * PART_CHUNKS + leaves.length / 32;
    tree.#add(leaves, 0);
    tree.append(tail);
    return tree;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#chunks * CHUNK + this.#tailLength;
  }

  append(bytes: Uint8Array): void {
    let at = 0;
    if (this.#tailLength > 0) {
      at = Math.min(bytes.length, CHUNK - this.#tailLength);
      this.#tail.set(bytes.subarray(0, at), this.#tailLength);
      this.#tailLength += at;
      if (this.#tailLength < CHUNK) return;
      this.#tailLength = 0;
      this.#fill(this.#tail);
    }
    const whole = bytes.length - ((bytes.length - at) % CHUNK);
    if (whole > at) this.#fill(bytes.subarray(at, whole));
    this.#tail.set(bytes.subarray(whole));
    this.#tailLength = bytes.length - whole;
  }

  /** Chunk root of what was appended. */
  root(): Hash {
    return this.length === 0 ? ZERO_HASH : toHex(this.#fold(depthOf(chunkCount(this.length))));
  }

  /** Roots of all parts, the unfinished one last. */
  partRoots(): Uint8Array[] {
    const rest = this.length - this.#parts.length * PART_BYTES;
    return rest === 0 ? [...this.#parts] : [...this.#parts, this.#fold(depthOf(chunkCount(rest)))];
  }

  #fill(chunks: Uint8Array): void {
    const leaves = this.#hasher.leaves(chunks);
    this.#chunks += chunks.length / CHUNK;
    this.#onLeaves?.(leaves);
    this.#add(leaves, 0);
  }

  /** Carries complete nodes of one height up as far as they have left neighbours. */
  #add(nodes: Uint8Array, from: number): void {
    let layer = nodes;
    for (let height = from; layer.length > 0; height++) {
      if (height === PART_HEIGHT) for (let i = 0; i < layer.length; i += 32) this.#parts.push(layer.slice(i, i + 32));
      const left = this.#waiting[height];
      if (left) {
        const joined = new Uint8Array(32 + layer.length);
        joined.set(left);
        joined.set(layer, 32);
        layer = joined;
      }
      const paired = layer.length - (layer.length % 64);
      this.#waiting[height] = paired < layer.length ? layer.slice(paired) : undefined;
      layer = this.#hasher.nodes(layer.subarray(0, paired));
    }
  }

  /** The node at `depth` above the youngest chunks: what waits below it, the unfinished chunk, and empty subtrees. */
  #fold(depth: number): Uint8Array {
    let rest = this.#tailLength > 0 ? this.#hasher.leaves(this.#tail.subarray(0, this.#tailLength)) : undefined;
    for (let height = 0; height < depth; height++) {
      const left = this.#waiting[height];
      if (left) rest = joinPair(left, rest ?? ZEROS[height], this.#hasher);
      else if (rest) rest = joinPair(rest, ZEROS[height], this.#hasher);
    }
    return rest ?? this.#waiting[depth]!;
  }
}
