import { Cursor, concat, type Hash } from '../commitments/bytes.ts';
import { CHUNK } from '../commitments/hasher.ts';
import { listRootFrom } from '../commitments/list.ts';
import { decodeOperator, operatorLeaf } from '../commitments/operator.ts';
import { depthOf, siblingsAt } from '../commitments/positional.ts';
import { decodeHeader, HEADER_BYTES } from '../commitments/program.ts';
import { chunkCount, chunkRootFrom, chunksOf, tensorRoot } from '../commitments/tensor.ts';
import { type BatchRoot, type ShownClaim, shownClaimHash } from '../demands/claim.ts';
import { EssaimError } from '../errors.ts';
import { OUTPUT_SLOT } from '../judges/judge.ts';
import { nameOf } from '../judges/names.ts';
import { SEGMENT_VALUES } from '../program/segments.ts';
import { byteLength, type Operator, type Ref, type TensorType } from '../program/types.ts';
import { refOf } from './judge-element.ts';
import type { Range } from './parts.ts';

/** Bytes of one tensor that a fault proof opens. */
export interface ShownOpening {
  /** Operand, or from `OUTPUT_SLOT` on an output. */
  readonly slot: number;
  readonly ref: Ref;
  readonly type: TensorType;
  readonly ranges: readonly (Range & { readonly bytes: Uint8Array })[];
}

/** What a fault proof says, every part of it opened against the claim's own roots. */
export interface ShownFault {
  readonly claim: ShownClaim;
  readonly leaf: number;
  /** Number of the operator in its program; its `node` is empty, for a leaf holds no names. */
  readonly op: number;
  readonly operator: Operator;
  readonly output: number;
  /** Physical index. */
  readonly element: number;
  /** The claimed element first, then the operands. */
  readonly openings: readonly ShownOpening[];
  /** What the openings of inner values lead to: the list that the executor answered for the segment. Null without any. */
  readonly segmentRoot: Hash | null;
}

const invalid = (what: string): EssaimError =>
  new EssaimError('FAULT_PROOF_INVALID', `the fault proof ${what}`, {
    help: 'Read the calldata of the transaction in which Referee emitted Convicted for exactly this batch.',
  });

const take = (cursor: Cursor, count: number): Uint8Array[] => Array.from({ length: count }, () => cursor.take(32));

/**
 * Reads the proof that `Referee.proveFault` took, and opens all of it as the referee does. The root of a segment's list is
 * for the caller to compare with what the chain holds (`Availability.segmentRoot`).
 * @throws FAULT_PROOF_INVALID, BYTES_MALFORMED, TYPE_MALFORMED unless every part leads to the batch's root
 */
export function readFaultProof(proof: Uint8Array, batch: BatchRoot): ShownFault {
  const cursor = new Cursor(proof);
  const { claim, leaf } = readClaimOf(cursor, batch);
  const { header } = claim;
  const op = cursor.uint(4);
  const body = new Uint8Array(cursor.take(cursor.uint(2)));
  const above = take(cursor, depthOf(header.opCount));
  if (listRootFrom(operatorLeaf(body), op, header.opCount, above) !== header.opsRoot) {
    throw invalid('shows an operator that the program does not have');
  }
  const operator = { ...decodeOperator(body), ...nameOf(decodeOperator(body).opcode), node: '' };
  const output = cursor.uint(1);
  const element = cursor.uint(4);
  const segment: { root: Hash | null } = { root: null };
  const openings = Array.from({ length: cursor.uint(1) }, () => readOpening(cursor, claim, operator, segment));
  cursor.end();
  if (openings[0]?.slot !== OUTPUT_SLOT + output) throw invalid('does not begin with the claimed element');
  return { claim, leaf, op, operator, output, element, openings, segmentRoot: segment.root };
}

function readClaimOf(cursor: Cursor, batch: BatchRoot): { claim: ShownClaim; leaf: number } {
  const [inputsRoot, traceRoot, context] = [cursor.hash(), cursor.hash(), cursor.hash()];
  const claim = { inputsRoot, traceRoot, context, header: decodeHeader(cursor.take(HEADER_BYTES)) };
  const leaf = cursor.uint(4);
  const siblings = take(cursor, depthOf(batch.count));
  if (listRootFrom(shownClaimHash(claim), leaf, batch.count, siblings) !== batch.root) {
    throw invalid('is about a claim that is not in the batch');
  }
  return { claim, leaf };
}

/** The list that a reference stands in: its root (null: a segment's, which is not part of the claim) and its count. */
function listFor({ header, inputsRoot, traceRoot }: ShownClaim, kind: Ref['kind']) {
  if (kind === 'input') return { root: inputsRoot, count: header.inputCount };
  if (kind === 'weight') return { root: header.weightsRoot, count: header.weightCount };
  if (kind === 'value') return { root: traceRoot, count: header.valueCount };
  return { root: null, count: SEGMENT_VALUES };
}

function readOpening(
  cursor: Cursor,
  claim: ShownClaim,
  operator: Operator,
  segment: { root: Hash | null },
): ShownOpening {
  const slot = cursor.uint(1);
  const ranges = Array.from({ length: cursor.uint(1) }, () => ({ offset: cursor.uint(4), length: cursor.uint(4) }));
  const type = slot < OUTPUT_SLOT ? operator.inputTypes[slot] : operator.outputTypes[slot - OUTPUT_SLOT];
  if (!type) throw invalid(`opens slot ${slot}, which the operator does not have`);
  const ref = refOf(operator, slot);
  const { root, count } = listFor(claim, ref.kind);
  const listSiblings = take(cursor, depthOf(count));
  const positions = chunksOf(ranges);
  const chunks = positions.map(() => cursor.take(CHUNK));
  const depth = depthOf(chunkCount(byteLength(type)));
  const siblings = siblingsAt(depth, positions, () => cursor.take(32));
  const chunkRoot = chunkRootFrom(byteLength(type), positions, chunks, siblings);
  if (chunkRoot === null) throw invalid(`opens bytes of slot ${slot} that do not exist`);
  const place = ref.kind === 'inner' ? ref.index % SEGMENT_VALUES : ref.index;
  const found = listRootFrom(tensorRoot(type, chunkRoot), place, count, listSiblings);
  if (root === null) segment.root ??= found;
  if (found !== (root ?? segment.root)) throw invalid(`opens another tensor than slot ${slot} has`);
  const all = concat(chunks);
  const bytesOf = ({ offset, length }: Range) => {
    const at = positions.indexOf(Math.floor(offset / CHUNK)) * CHUNK + (offset % CHUNK);
    return all.subarray(at, at + length);
  };
  return { slot, ref, type, ranges: ranges.map((range) => ({ ...range, bytes: bytesOf(range) })) };
}
