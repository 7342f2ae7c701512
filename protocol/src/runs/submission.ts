import type { TypedDataDomain, TypedDataField } from 'ethers';
import type { Hash } from '../commitments/bytes.ts';

/** What a trainer signs so that anyone may submit its batch of steps (`ITrainingRegistry.Submission`). */
export interface SignedSubmission {
  readonly runId: Hash;
  readonly round: number;
  readonly turn: number;
  /** From 0. */
  readonly seat: number;
  readonly count: number;
  readonly checkpoint: Hash;
  readonly batchRoot: Hash;
  /** sha2-256 digest of the receipt's manifest. */
  readonly receipt: Hash;
}

/** EIP-712 types of {@link SignedSubmission}. */
export const SUBMISSION_TYPES: Record<'Submission', TypedDataField[]> = {
  Submission: [
    { name: 'runId', type: 'bytes32' },
    { name: 'round', type: 'uint24' },
    { name: 'turn', type: 'uint24' },
    { name: 'seat', type: 'uint16' },
    { name: 'count', type: 'uint32' },
    { name: 'checkpoint', type: 'bytes32' },
    { name: 'batchRoot', type: 'bytes32' },
    { name: 'receipt', type: 'bytes32' },
  ],
};

/** EIP-712 domain of a chain's training registry. */
export const submissionDomain = (chainId: number | bigint, registry: string): TypedDataDomain => ({
  name: 'Essaim training',
  version: '1',
  chainId,
  verifyingContract: registry,
});
