import type { Hash } from '@essaim/protocol';
import { batchIdOf, type Essaim, findTerms, type Terms } from '@essaim/sdk';
import { behind } from '@essaim/sdk/node';
import type { Block } from 'ethers';
import type { Submitted } from '../case.ts';

/** A job's batch as those see it that may have to audit it: what was fixed when it was submitted. */
export interface AuditedBatch extends Submitted {
  readonly batchId: Hash;
  readonly terms: Terms;
  /** Of its submission, in seconds. */
  readonly time: number;
  readonly block: number;
  /** Of its epoch, in seconds and in blocks. */
  readonly window: { readonly seconds: number; readonly blocks: number };
  /** Whose value draws its audits. */
  readonly round: number;
  /** Most leaves that are drawn. */
  readonly most: number;
}

/** A moment: both have to be behind. */
export interface Moment {
  readonly time: number;
  readonly block: number;
}

/** Reads what was fixed by a submission. CHAIN_BEHIND */
export async function openBatch({ contracts, deployment }: Essaim, submitted: Submitted): Promise<AuditedBatch> {
  const { Claims, JobMarket, BlockRandomness, ProtocolParameters } = contracts;
  const batchId = batchIdOf(await JobMarket.getAddress(), submitted.jobId);
  const [, time, block, epoch] = await Claims.submission(batchId);
  if (block === 0n) throw behind(`the batch of job ${submitted.jobId}`);
  const [terms, round, { windowSeconds, windowBlocks }, { leaves }] = await Promise.all([
    findTerms(contracts, submitted.jobId, deployment.startBlock),
    BlockRandomness.roundFor(block, time),
    ProtocolParameters.claimRules(epoch),
    ProtocolParameters.auditRules(epoch),
  ]);
  const window = { seconds: Number(windowSeconds), blocks: Number(windowBlocks) };
  const fixed = { time: Number(time), block: Number(block), round: Number(round), most: Number(leaves) };
  return { ...submitted, ...fixed, batchId, terms, window };
}

/** The last moment of so many quarters of a batch's window. */
export const quarters = ({ time, block, window }: AuditedBatch, count: number): Moment => ({
  time: time + Math.floor((count * window.seconds) / 4),
  block: block + Math.floor((count * window.blocks) / 4),
});

/** Whether a moment lies behind. */
export const isPast = ({ time, block }: Moment, head: Pick<Block, 'timestamp' | 'number'>): boolean =>
  head.timestamp > time && head.number > block;
