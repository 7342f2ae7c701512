import {
  chunksOf,
  concat,
  encodeInterface,
  encodeOperator,
  encodeSegment,
  encodeType,
  fromHex,
  type Hash,
  type Interface,
  ListTree,
  type OperatorBody,
  type Segment,
  type Tensor,
  uint,
} from '../commitments/index.ts';
import { SEGMENT_VALUES } from '../program/segments.ts';
import { encodeClaim, encodeOpenedClaim, type OpenedClaim, type ShownClaim } from './claim.ts';
import { existing, type Question } from './question.ts';

type Range = Pick<Question, 'first' | 'count'>;

/** A tensor in its list. `tensor` is null where the list commits to none there (bytes32(0)). */
export interface ListedTensor {
  readonly tensor: Pick<Tensor, 'type' | 'bytes' | 'tree'> | null;
  readonly list: ListTree;
  readonly index: number;
}

/** Answers a question for a list of roots: `roots` are all of them, in order. */
export function answerRoots(question: Range, claim: OpenedClaim, roots: readonly Hash[]): Uint8Array {
  const { first, count } = existing(question, roots.length);
  const shown = roots.slice(first, first + count).map((root) => fromHex(root, 32));
  const positions = shown.map((_, i) => first + i);
  const siblings = count === 0 ? [] : new ListTree(roots).openings(positions);
  return concat([encodeOpenedClaim(claim), ...shown, ...siblings]);
}

/**
 * Answers a question for a segment: `roots` are of its values, zero for boundary values; null where the program has no
 * such segment. `served` is the digest of the manifest that names where the inner values' bytes are.
 */
export const answerSegment = (
  claim: OpenedClaim,
  shown: {
    readonly segment: Segment;
    readonly siblings: readonly Uint8Array[];
    readonly roots: readonly Hash[];
    readonly served?: Hash;
  } | null,
): Uint8Array =>
  concat([
    encodeOpenedClaim(claim),
    ...(shown
      ? [
          encodeSegment(shown.segment),
          ...shown.siblings,
          ...[...shown.roots, ...(shown.served ? [shown.served] : [])].map((hash) => fromHex(hash, 32)),
        ]
      : []),
  ]);

/** Answers a question for bytes of an inner value; the list is its segment's, and so is the index. */
export const answerInner = (question: Range, listed: ListedTensor): Uint8Array =>
  encodeListedTensor(question, { ...listed, index: listed.index % SEGMENT_VALUES });

/** Answers a question for bytes of a tensor. */
export const answerBytes = (question: Range, claim: ShownClaim, listed: ListedTensor): Uint8Array =>
  concat([encodeClaim(claim), encodeListedTensor(question, listed)]);

/** Answers a question for an operator; `operators` is the list tree over all of the program's. */
export const answerOperator = (
  question: Pick<Question, 'index'>,
  claim: ShownClaim,
  body: OperatorBody,
  operators: ListTree,
): Uint8Array => concat([encodeClaim(claim), encodeOperator(body), ...operators.siblings(question.index)]);

/** Answers a question for an output; `listed` is null where the program has no such output. */
export function answerOutput(
  question: Range,
  claim: OpenedClaim,
  program: Interface,
  listed: ListedTensor | null,
): Uint8Array {
  const bytes = encodeInterface(program);
  const tensor = listed ? [encodeListedTensor(question, listed)] : [];
  return concat([encodeOpenedClaim(claim), uint(bytes.length, 2), bytes, ...tensor]);
}

function encodeListedTensor(question: Range, { tensor, list, index }: ListedTensor): Uint8Array {
  const siblings = list.siblings(index);
  if (!tensor) return concat([uint(0, 1), ...siblings]);
  const { first, count } = existing(question, tensor.bytes.length);
  const head = [encodeType(tensor.type), ...siblings];
  if (count === 0) return concat([...head, fromHex(tensor.tree.root)]);
  const chunks = chunksOf([{ offset: first, length: count }]);
  return concat([...head, ...chunks.map((i) => tensor.tree.chunk(i)), ...tensor.tree.openings(chunks)]);
}
