import { AbiCoder, keccak256 } from 'ethers';
import { concat, fromHex, type Hash } from '../commitments/bytes.ts';
import { encodeHeader } from '../commitments/program.ts';
import { type ClaimPlace, claimTrees } from '../faults/fault-proof.ts';
import { sized } from '../faults/parts.ts';
import type { Execution } from '../program/execution.ts';
import { rowAt } from './order.ts';
import type { RunTerms } from './terms.ts';

/** Claims of a score: of what its round began from, of the update. */
export const SCORE_CLAIMS = 2;
const WHOLE = 1_000_000_000n;
const INFINITY = 0x7f800000;
const abi = AbiCoder.defaultAbiCoder();

/** What a seat commits to before the rows are drawn. */
export const updateCommitment = (runId: Hash, turn: number, trainer: string, checkpoint: Hash, salt: Hash): Hash =>
  keccak256(
    abi.encode(['bytes32', 'uint24', 'address', 'bytes32', 'bytes32'], [runId, turn, trainer, checkpoint, salt]),
  );

/** Seed of a turn's rows, of the value of its random round. */
export const scoreSeed = (value: Hash, runId: Hash, turn: number): Hash =>
  keccak256(abi.encode(['bytes32', 'bytes32', 'uint256'], [value, runId, turn]));

/** Rows of the data set that a turn's scores are of, in the order of their batch. */
export const scoreRows = ({ batch, rows }: Pick<RunTerms, 'batch' | 'rows'>, seed: Hash): number[] =>
  Array.from({ length: batch }, (_, i) => rowAt(seed, BigInt(i), rows));

/** What `ScoredRounds.score` opens: both claims' losses. `executions` are of what the round began from and the update. */
export function scoreProof(executions: readonly Execution[], contexts: readonly Hash[]): Uint8Array {
  const { header, interfaceBytes, outputs } = executions[0].program;
  const [{ value }] = outputs;
  return concat([
    encodeHeader(header),
    sized(interfaceBytes),
    ...executions.flatMap((execution, leaf) => {
      const { inputs, trace } = claimTrees(execution, { context: contexts[leaf] } as ClaimPlace);
      const roots = [inputs.root, trace.root, contexts[leaf]].map((root) => fromHex(root, 32));
      return [...roots, execution.values[value]!.bytes, ...trace.siblings(value)];
    }),
  ]);
}

/**
 * (before − later) / before in parts of 1e9, rounded down, of two float32 losses: 0 where either is not finite or the
 * earlier one not positive.
 */
export function gainOf(before: number, later: number): number {
  const [first, second] = new Uint32Array(Float32Array.of(before, later).buffer);
  if (first >= INFINITY || second >= first) return 0;
  const [[whole, high], [part, low]] = [first, second].map(parts);
  return Number(WHOLE - ceiling(part * WHOLE, whole << (high - low)));
}

/** Steps that a gain is paid as: its part of what all seats could do, at most twice what a seat could. */
export const stepsOf = (gain: number, sum: number, { seats, steps }: Pick<RunTerms, 'seats' | 'steps'>): number =>
  Math.min(Number((BigInt(seats) * BigInt(steps) * BigInt(gain)) / BigInt(sum)), 2 * steps);

const ceiling = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

function parts(bits: number): [significand: bigint, exponent: bigint] {
  const exponent = bits >>> 23;
  const significand = bits & 0x7fffff;
  return exponent === 0 ? [BigInt(significand), 1n] : [BigInt(significand + 0x800000), BigInt(exponent)];
}
