import { AUDIT_TERM, type Drawn, drawAudits, type Hash, seatAt } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import { AbiCoder, keccak256, toBigInt, ZeroAddress } from 'ethers';
import type { AuditedBatch } from './batch.ts';
import type { Weights } from './weights.ts';

/** One audit of a batch, and whose it is: null where its draw expired, so that any auditor may do it. */
export interface Assignment extends Pick<Drawn, 'index' | 'leaf' | 'segment'> {
  readonly auditor: string | null;
}

/** States of a round, as the chain numbers them. */
const [PENDING, , EXPIRED] = [0n, 1n, 2n];

/**
 * The audits of a batch, none where it is not audited, nor of a sealed one; null while its round's block is not there yet. Known from the
 * block itself before anybody recorded it.
 */
export async function assignmentsOf(
  essaim: Essaim,
  weights: Weights,
  batch: AuditedBatch,
): Promise<Assignment[] | null> {
  const { AuditPool, BlockRandomness } = essaim.contracts;
  const { batchId, terms, round, time, most } = batch;
  if (terms.isSealed) return [];
  const status = await BlockRandomness.status(round);
  if (status === EXPIRED) return expired(batch);
  const value = status === PENDING ? await valueIn(essaim, round) : await BlockRandomness.value(round);
  if (value === null) return null;
  const drawn = drawAudits(value, batchId, await AuditPool.odds(terms), Number(terms.count), most);
  if (drawn.length === 0) return [];
  const standing = await weights.at(Math.floor(time / AUDIT_TERM) - 1);
  const assigned = drawn.map(async ({ index, leaf, segment, share }) => {
    const seat = seatAt(standing, share);
    const auditor = seat < 0 ? ZeroAddress : (await AuditPool.seatAt(seat)).auditor;
    return { index, leaf, segment, auditor };
  });
  return (await Promise.all(assigned)).filter(({ auditor }) => auditor !== ZeroAddress);
}

/** Of a round that nobody recorded in time: each leaf, for whoever comes first. */
const expired = ({ batchId, terms }: AuditedBatch): Assignment[] =>
  Array.from({ length: Number(terms.count) }, (_, index) => {
    const word = keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256'], [batchId, index]));
    return { index, leaf: index, segment: toBigInt(word) & ((1n << 64n) - 1n), auditor: null };
  });

async function valueIn({ provider }: Essaim, round: number): Promise<Hash | null> {
  if ((await provider.getBlockNumber()) <= round) return null;
  return (await provider.getBlock(round))?.prevRandao ?? null;
}
