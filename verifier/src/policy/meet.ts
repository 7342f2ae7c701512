import { type Hash, runBatchId } from '@essaim/protocol';
import { batchIdOf, type Essaim, findRun, type SubmittedBatch } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { Due } from '../backlog.ts';
import type { Submitted } from '../case.ts';
import type { Met } from './attention.ts';
import type { Book } from './book.ts';
import type { Costs } from './costs.ts';
import { Locks } from './locks.ts';

/** What is needed to say what a batch is worth, and by when it has to be looked at. */
export interface Acquaintance {
  readonly essaim: Essaim;
  readonly book: Book;
  readonly costs: Costs;
  /** Whether there is a choice: without one an executor's record is not read. */
  readonly isBounded: boolean;
}

/** A batch as it is met: by when it has to be checked, and what is at risk in it. */
export interface Known {
  readonly due: Due;
  readonly met: Met;
}

/** Meets a job's batch. */
export async function meetJob(with_: Acquaintance, { jobId, batchRoot }: Submitted): Promise<Known> {
  const { essaim, book } = with_;
  const batchId = batchIdOf(await essaim.contracts.JobMarket.getAddress(), jobId);
  const pay = await book.pay(jobId);
  const { count } = await book.batchAt(batchId);
  const fee = { token: pay.token, amount: BigInt(count) * pay.fee };
  return meet(with_, batchId, batchRoot, fee, { executions: count, programId: pay.programId });
}

/** Meets a batch of a run, of whose claims so many are run again. */
export async function meetRound(
  with_: Acquaintance,
  runId: Hash,
  { batch, kind }: SubmittedBatch,
  steps: number,
): Promise<Known> {
  const { essaim } = with_;
  const { Claims, TrainingRegistry } = essaim.contracts;
  const batchId = runBatchId(await TrainingRegistry.getAddress(), runId, batch);
  const { root } = await Claims.batch(batchId);
  const { terms } = await findRun({ ...essaim, startBlock: essaim.deployment.startBlock }, runId);
  const executions = kind === 'steps' ? Math.min(steps, batch.count) : batch.count;
  const amount = kind === 'aggregation' ? terms.aggregationFee : terms.feePerStep * BigInt(batch.count);
  return meet(with_, batchId, root, { token: terms.token, amount }, { executions, programId: terms.programId });
}

async function meet(
  { essaim, book, costs, isBounded }: Acquaintance,
  batchId: Hash,
  root: Hash,
  fee: { readonly token: string; readonly amount: bigint },
  { executions, programId }: { readonly executions: number; readonly programId: string | undefined },
): Promise<Known> {
  const { executor, lock, epoch, block } = await book.batchAt(batchId);
  const [rules, time] = [await book.rules(epoch), await book.time(block)];
  const seconds = executions * costs.of(programId);
  const isMiel = fee.token.toLowerCase() === essaim.deployment.addresses.MielToken.toLowerCase();
  const met: Met = {
    ...{ batchId, root, executor, lock, time, seconds, executions },
    fee: isMiel ? Number(formatEther(fee.amount)) : 0,
    bounty: lock * rules.bounty,
    record: isBounded ? await book.record(executor, block, time) : { convictions: 0, age: 0, stood: new Locks() },
  };
  return { due: { end: time + rules.seconds, cost: seconds }, met };
}
