import {
  CHUNK,
  Cursor,
  chunkRootFrom,
  chunksOf,
  concat,
  decodeInterface,
  decodeOperator,
  decodeType,
  depthOf,
  type Hash,
  type Interface,
  interfaceHash,
  type ListTree,
  listRootFrom,
  listRootFromRange,
  type OperatorBody,
  operatorLeaf,
  type Segment,
  segmentLeaf,
  tensorRoot,
  ZERO_HASH,
} from '../commitments/index.ts';
import { SEGMENT_VALUES } from '../program/segments.ts';
import { byteLength, type TensorType } from '../program/types.ts';
import {
  type BatchRoot,
  listOf,
  readClaim,
  readOpenedClaim,
  type ShownClaim,
  takeHashes,
  wrongAnswer,
} from './claim.ts';
import { type DemandList, existing, type Question } from './question.ts';

/** Bytes of a tensor that an answer shows, with what opens them again in a proof. */
export interface ShownTensor {
  readonly type: TensorType;
  readonly root: Hash;
  /** Offset of `bytes`: the question's. */
  readonly first: number;
  /** What of the asked range exists. */
  readonly bytes: Uint8Array;
  /** Position of the first whole chunk shown; -1 if the range touches none. */
  readonly firstChunk: number;
  readonly chunks: readonly Uint8Array[];
  /** Siblings that open those chunks together. */
  readonly siblings: readonly Uint8Array[];
  /** Siblings of the tensor's root in its list. */
  readonly listSiblings: readonly Uint8Array[];
}

const rest = (cursor: Cursor): number => cursor.bytes.length - cursor.at;

function takeRest(cursor: Cursor): Uint8Array[] {
  if (rest(cursor) % 32 !== 0) throw wrongAnswer('does not end with whole hashes');
  return takeHashes(cursor, rest(cursor) / 32);
}

/**
 * Reads the answer to a question for a list.
 * @returns the claim and the roots at positions `first …`: fewer than asked where the list ends
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED unless it holds exactly what was asked
 */
export function readRoots(
  question: Question,
  answer: Uint8Array,
  batch: BatchRoot,
): { claim: ShownClaim; roots: Hash[] } {
  const cursor = new Cursor(answer);
  const claim = readOpenedClaim(cursor, question.leaf, batch);
  const list = listOf(claim, question.kind as DemandList);
  const { first, count } = existing(question, list.count);
  const roots = Array.from({ length: count }, () => cursor.hash());
  const siblings = takeRest(cursor);
  const fits =
    count === 0 ? siblings.length === 0 : listRootFromRange(roots, first, list.count, siblings) === list.root;
  if (!fits) throw wrongAnswer('shows roots that are not those of the list');
  return { claim, roots };
}

/**
 * Reads the answer to a question for a segment.
 * @returns the claim, and the segment with the roots of its values: null if the program has no such segment; `served` is
 * the digest of the manifest that says where its inner values are, null where the executor named none
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED unless it holds exactly what was asked
 */
export function readSegment(
  question: Question,
  answer: Uint8Array,
  batch: BatchRoot,
): { claim: ShownClaim; shown: { segment: Segment; roots: Hash[]; served: Hash | null } | null } {
  const cursor = new Cursor(answer);
  const claim = readOpenedClaim(cursor, question.leaf, batch);
  const { segmentCount, segmentsRoot } = claim.header;
  if (question.index >= segmentCount) {
    cursor.end();
    return { claim, shown: null };
  }
  const [firstOp, opCount, firstValue, valueCount] = Array.from({ length: 4 }, () => cursor.uint(4));
  const segment = { firstOp, opCount, firstValue, valueCount };
  const siblings = takeHashes(cursor, depthOf(segmentCount));
  if (listRootFrom(segmentLeaf(segment), question.index, segmentCount, siblings) !== segmentsRoot) {
    throw wrongAnswer('shows another segment');
  }
  const roots = Array.from({ length: valueCount }, () => cursor.hash());
  const served = rest(cursor) === 0 ? null : cursor.hash();
  cursor.end();
  return { claim, shown: { segment, roots, served } };
}

/**
 * Reads the answer to a question for bytes of an inner value.
 * @param list the segment's list: `segmentTree` of what its executor answered
 * @returns null where the list commits to no tensor
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED, TYPE_MALFORMED unless it holds exactly what was asked
 */
export const readInner = (question: Question, answer: Uint8Array, list: ListTree): ShownTensor | null =>
  readTensor(new Cursor(answer), question, list, question.index % SEGMENT_VALUES);

/**
 * Reads the answer to a question for bytes of an input, weight or value.
 * @param claim hash of the claim that was shown before
 * @returns null where the list commits to no tensor there
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED, TYPE_MALFORMED unless it holds exactly what was asked
 */
export function readBytes(question: Question, answer: Uint8Array, claim: Hash): ShownTensor | null {
  const cursor = new Cursor(answer);
  const shown = readClaim(cursor, claim);
  return readTensor(cursor, question, listOf(shown, `${question.kind}s` as DemandList), question.index);
}

/**
 * Reads the answer to a question for an operator.
 * @param claim hash of the claim that was shown before
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED, TYPE_MALFORMED unless it holds exactly what was asked
 */
export function readOperator(
  question: Question,
  answer: Uint8Array,
  claim: Hash,
): { body: OperatorBody; siblings: Uint8Array[] } {
  const { bytes, siblings } = openedOperator(question, answer, claim);
  return { body: decodeOperator(bytes), siblings };
}

/** As `readOperator`, but what the program has there, be it an operator or not. */
export const readOperatorBody = (question: Question, answer: Uint8Array, claim: Hash): Uint8Array =>
  openedOperator(question, answer, claim).bytes;

function openedOperator(question: Question, answer: Uint8Array, claim: Hash) {
  const cursor = new Cursor(answer);
  const { root, count } = listOf(readClaim(cursor, claim), 'operators');
  const bytes = cursor.take(rest(cursor) - 32 * depthOf(count));
  const siblings = takeRest(cursor);
  if (listRootFrom(operatorLeaf(bytes), question.index, count, siblings) !== root) {
    throw wrongAnswer('shows another operator');
  }
  return { bytes: new Uint8Array(bytes), siblings };
}

/**
 * Reads the answer to a requester's question for an output.
 * @returns the interface, and the tensor: null if the program has no such output or the claim commits to none there
 * @throws DEMAND_WRONG_ANSWER, BYTES_MALFORMED, TYPE_MALFORMED unless it holds exactly what was asked
 */
export function readOutput(
  question: Question,
  answer: Uint8Array,
  batch: BatchRoot,
): { claim: ShownClaim; program: Interface; tensor: ShownTensor | null } {
  const cursor = new Cursor(answer);
  const claim = readOpenedClaim(cursor, question.leaf, batch);
  const bytes = cursor.take(cursor.uint(2));
  if (interfaceHash(bytes) !== claim.header.interfaceHash) throw wrongAnswer('shows another interface');
  const program = decodeInterface(bytes);
  const value = program.outputs[question.index];
  if (value === undefined) {
    cursor.end();
    return { claim, program, tensor: null };
  }
  return { claim, program, tensor: readTensor(cursor, question, listOf(claim, 'values'), value) };
}

function readTensor(cursor: Cursor, question: Question, list: BatchRoot, index: number): ShownTensor | null {
  const absent = cursor.bytes[cursor.at] === 0;
  const type = absent ? cursor.take(1) && null : decodeType(cursor);
  const listSiblings = takeHashes(cursor, depthOf(list.count));
  const shown = type && readChunks(cursor, question, type);
  cursor.end();
  const root = shown ? shown.root : ZERO_HASH;
  if (listRootFrom(root, index, list.count, listSiblings) !== list.root) throw wrongAnswer('shows another tensor');
  return shown && { ...shown, listSiblings };
}

function readChunks(cursor: Cursor, question: Question, type: TensorType): Omit<ShownTensor, 'listSiblings'> {
  const size = byteLength(type);
  const { first, count } = existing(question, size);
  if (count === 0) {
    const root = tensorRoot(type, cursor.hash());
    return { type, root, first, bytes: new Uint8Array(0), firstChunk: -1, chunks: [], siblings: [] };
  }
  const positions = chunksOf([{ offset: first, length: count }]);
  const chunks = positions.map(() => cursor.take(CHUNK));
  const siblings = takeRest(cursor);
  const root = chunkRootFrom(size, positions, chunks, siblings);
  if (root === null) throw wrongAnswer('shows another tensor');
  const start = first - positions[0] * CHUNK;
  const bytes = concat(chunks).subarray(start, start + count);
  return { type, root: tensorRoot(type, root), first, bytes, firstChunk: positions[0], chunks, siblings };
}
