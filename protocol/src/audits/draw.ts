import { AbiCoder, keccak256, toBigInt } from 'ethers';
import type { Hash } from '../commitments/bytes.ts';
import { BASIS } from './rules.ts';

const abi = AbiCoder.defaultAbiCoder();
const LOW_128 = (1n << 128n) - 1n;

/** What a round's value draws for a batch. */
export interface Drawn {
  readonly index: number;
  /** Position of the audited claim. */
  readonly leaf: number;
  /** Modulo the number of the program's segments: whose inner values the auditor commits to. */
  readonly segment: bigint;
  /** In 2^128: whose weight it lies in is the auditor, see {@link seatAt}. */
  readonly share: bigint;
}

export const auditSeed = (value: Hash, batchId: Hash): Hash =>
  keccak256(abi.encode(['bytes32', 'bytes32'], [value, batchId]));

/**
 * The audits of a batch, none where it is not audited.
 * @param value of the round that its block leads to (`IRandomness.roundFor`)
 * @param odds in basis points
 * @param count leaves of the batch
 * @param most `AuditRules.leaves`
 */
export function drawAudits(value: Hash, batchId: Hash, odds: bigint, count: number, most: number): Drawn[] {
  const seed = auditSeed(value, batchId);
  if (((toBigInt(seed) & LOW_128) * BASIS) >> 128n >= odds) return [];
  const audits = Math.min(count, most);
  return Array.from({ length: audits }, (_, index) => {
    const word = toBigInt(keccak256(abi.encode(['bytes32', 'uint256'], [seed, index])));
    const first = Math.floor((index * count) / audits);
    const size = Math.floor(((index + 1) * count) / audits) - first;
    const leaf = first + Number((word >> 192n) % BigInt(size));
    return { index, leaf, segment: (word >> 128n) & ((1n << 64n) - 1n), share: word & LOW_128 };
  });
}

/** The seat in whose weight a share lies, as weights stood at the end of the term before the batch's; -1 if all are 0. */
export function seatAt(weights: readonly bigint[], share: bigint): number {
  let point = (share * weights.reduce((sum, weight) => sum + weight, 0n)) >> 128n;
  return weights.findIndex((weight) => {
    if (point < weight) return true;
    point -= weight;
    return false;
  });
}

/** Seconds of a term: weights change from the next one on. */
export const AUDIT_TERM = 4 * 24 * 3_600;

/** Weight that `milliMiel` of an auditor's own stake, not thawing, have in a draw. */
export const auditWeight = (milliMiel: bigint): bigint => milliMiel / 2_000n;
