import {
  type Claim,
  type Cursor,
  claimHash,
  concat,
  decodeHeader,
  depthOf,
  encodeHeader,
  fromHex,
  type Hash,
  HEADER_BYTES,
  type ListTree,
  listRootFrom,
  type ProgramHeader,
  programId,
  uint,
} from '../commitments/index.ts';
import { EssaimError } from '../errors.ts';
import type { DemandList } from './question.ts';

/** Bytes of a claim as answers show it. */
export const CLAIM_BYTES = 96 + HEADER_BYTES;

/** A claim with the header that its programId hashes. */
export interface ShownClaim {
  readonly header: ProgramHeader;
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
  readonly context: Hash;
}

/** A claim with its place in its batch. */
export interface OpenedClaim extends ShownClaim {
  readonly leaf: number;
  /** List tree over the batch's claims. */
  readonly batch: ListTree;
}

/** Root and count that a batch is stored with. */
export interface BatchRoot {
  readonly root: Hash;
  readonly count: number;
}

/** `inputsRoot ‖ traceRoot ‖ context ‖ header`: also what follow-up demands take. */
export const encodeClaim = (claim: ShownClaim): Uint8Array =>
  concat([
    ...[claim.inputsRoot, claim.traceRoot, claim.context].map((hash) => fromHex(hash, 32)),
    encodeHeader(claim.header),
  ]);

/** `claim ‖ leaf u32 ‖ batch siblings`. */
export const encodeOpenedClaim = (claim: OpenedClaim): Uint8Array =>
  concat([encodeClaim(claim), uint(claim.leaf, 4), ...claim.batch.siblings(claim.leaf)]);

/** The hash of a shown claim: its leaf in the batch. */
export const shownClaimHash = (claim: ShownClaim): Hash =>
  claimHash({ ...claim, programId: programId(claim.header) } satisfies Claim);

/** Root and count of one of a claim's lists. */
export function listOf(claim: ShownClaim, list: DemandList): BatchRoot {
  const { header } = claim;
  if (list === 'inputs') return { root: claim.inputsRoot, count: header.inputCount };
  if (list === 'weights') return { root: header.weightsRoot, count: header.weightCount };
  if (list === 'values') return { root: claim.traceRoot, count: header.valueCount };
  return { root: header.opsRoot, count: header.opCount };
}

/** An answer that is not one to its question. */
export const wrongAnswer = (what: string): EssaimError =>
  new EssaimError('DEMAND_WRONG_ANSWER', `the answer ${what}`, {
    help: 'Read the calldata of the transaction that emitted Answered for exactly this question.',
  });

/** Hashes of the tree that follow in an answer. */
export const takeHashes = (cursor: Cursor, count: number): Uint8Array[] =>
  Array.from({ length: count }, () => cursor.take(32));

/** Reads a claim, which must hash to `expected` where it is given. */
export function readClaim(cursor: Cursor, expected?: Hash): ShownClaim {
  const [inputsRoot, traceRoot, context] = [cursor.hash(), cursor.hash(), cursor.hash()];
  const claim = { inputsRoot, traceRoot, context, header: decodeHeader(cursor.take(HEADER_BYTES)) };
  if (expected !== undefined && shownClaimHash(claim) !== expected) throw wrongAnswer('shows another claim');
  return claim;
}

/** Reads a claim with its place and checks it against its batch. */
export function readOpenedClaim(cursor: Cursor, leaf: number, batch: BatchRoot): ShownClaim {
  const claim = readClaim(cursor);
  if (cursor.uint(4) !== leaf) throw wrongAnswer('is about another leaf');
  const siblings = takeHashes(cursor, depthOf(batch.count));
  if (listRootFrom(shownClaimHash(claim), leaf, batch.count, siblings) !== batch.root) {
    throw wrongAnswer('shows a claim that is not in the batch');
  }
  return claim;
}
