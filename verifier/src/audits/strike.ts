import { EssaimError, type Hash } from '@essaim/protocol';
import { ClaimState, chainFailure, type Essaim, newestLog, unlessDone, until } from '@essaim/sdk';
import { behind } from '@essaim/sdk/node';
import { act } from '../case.ts';
import { notBefore } from '../not-before.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { SubmittedAudit } from './record.ts';

/** Judge verdicts as Referee.examineTrace numbers them. */
const CONVICTED = 2n;

/**
 * Shows the fault that a batch was convicted of, strikes an audit that passed it, and burns its lock; what of it is done
 * already is left. Nothing where no trace held the fault.
 */
export async function strike(
  desk: AuditDesk,
  batch: AuditedBatch,
  audit: SubmittedAudit,
  signal?: AbortSignal,
): Promise<void> {
  const { essaim } = desk;
  const { AuditPool, Claims, Penalties } = essaim.contracts;
  const { auditBatchId, auditor, record } = audit;
  const { jobId, provider } = batch;
  if (!record.passed) return;
  const isRejected = async () => (await Claims.state(auditBatchId)) === ClaimState.Rejected;
  let since = 0;
  if (!(await isRejected()) && !(await AuditPool.done(record.seat, record.number))) {
    const block = await struck(desk, batch, audit, signal);
    if (block === null) return;
    since = block;
    desk.say({ event: 'struck', jobId, provider, index: record.index, auditor });
  }
  const isOut = await until(() => notBefore(essaim, since, isRejected), { interval: essaim.pollingInterval, signal });
  if (!isOut || (await Penalties.collected(auditBatchId))) return;
  const collect = await Penalties.collect.populateTransaction(auditBatchId, '0x');
  await act(desk, collect, `burning the lock of audit ${auditBatchId}`, signal);
}

/** Shows the fault, unless somebody did, and strikes; in which block, or null where it cannot be shown, or somebody else did both. */
async function struck(
  desk: AuditDesk,
  { jobId, batchId, terms }: AuditedBatch,
  { record }: SubmittedAudit,
  signal?: AbortSignal,
): Promise<number | null> {
  const { AuditPool } = desk.essaim.contracts;
  try {
    if (!(await AuditPool.shown(batchId, record.leaf))) {
      const proof = await shownFault(desk.essaim, batchId, record.leaf);
      if (!proof) return null;
      const call = await AuditPool.show.populateTransaction(batchId, proof);
      const isDone = unlessDone(['AuditPool_NoFault']);
      await act(desk, call, `showing the fault of batch ${batchId}`, signal).catch(isDone);
    }
    const call = await AuditPool.strike.populateTransaction(terms, record);
    return (await act(desk, call, `striking an audit of job ${jobId}`, signal)).blockNumber;
  } catch (error) {
    if (error instanceof EssaimError && /^(AuditPool_Done|Claims_NotPending)$/.test(error.code)) return null;
    throw error;
  }
}

/** The proof that a batch was convicted by, if it shows a fault that stood in the trace of this leaf. CHAIN_BEHIND */
async function shownFault({ provider, contracts, deployment }: Essaim, batchId: Hash, leaf: number) {
  const { Claims, Referee } = contracts;
  const log = await newestLog(provider, {
    address: await Claims.getAddress(),
    topics: [Claims.getEvent('Rejected').fragment.topicHash, batchId],
    fromBlock: deployment.startBlock,
  });
  const sent = log && (await provider.getTransaction(log.transactionHash));
  const { selector } = Referee.getFunction('proveFault').fragment;
  if (!sent) throw behind(`the conviction of batch ${batchId}`);
  if (!sent.data.startsWith(selector)) return null;
  const [, proof] = Referee.interface.decodeFunctionData('proveFault', sent.data);
  try {
    const found = await Referee.examineTrace(batchId, proof);
    return found.verdict === CONVICTED && Number(found.leaf) === leaf ? (proof as string) : null;
  } catch (cause) {
    // a fault inside a segment, which no auditor answers for
    if ((await chainFailure(cause, 'examining a fault')).code.startsWith('Referee_')) return null;
    throw cause;
  }
}
