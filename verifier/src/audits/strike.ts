import { EssaimError, type Hash } from '@essaim/protocol';
import { ClaimState, chainFailure, type Essaim, newestLog } from '@essaim/sdk';
import { act } from '../case.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { SubmittedAudit } from './record.ts';

/** Judge verdicts as Referee.examineTrace numbers them. */
const CONVICTED = 2n;

/** Shows the fault that a batch was convicted of, and strikes an audit that passed it; nothing where no trace held it. */
export async function strike(
  desk: AuditDesk,
  { jobId, provider, batchId, terms }: AuditedBatch,
  { auditBatchId, auditor, record }: SubmittedAudit,
  signal?: AbortSignal,
): Promise<void> {
  const { AuditPool, Claims, Penalties } = desk.essaim.contracts;
  const isOver = (await Claims.state(auditBatchId)) === ClaimState.Rejected;
  if (!record.passed || isOver || (await AuditPool.done(record.seat, record.number))) return;
  try {
    if (!(await AuditPool.shown(batchId, record.leaf))) {
      const proof = await shownFault(desk.essaim, batchId, record.leaf);
      if (!proof) return;
      const call = await AuditPool.show.populateTransaction(batchId, proof);
      await act(desk, call, `showing the fault of batch ${batchId}`, signal);
    }
    const call = await AuditPool.strike.populateTransaction(terms, record);
    await act(desk, call, `striking an audit of job ${jobId}`, signal);
  } catch (error) {
    // somebody else did the same
    if (!(error instanceof EssaimError) || !/^(AuditPool_(NoFault|Done)|Claims_NotPending)$/.test(error.code))
      throw error;
    return;
  }
  desk.say({ event: 'struck', jobId, provider, index: record.index, auditor });
  if ((await Claims.state(auditBatchId)) !== ClaimState.Rejected) return;
  const collect = await Penalties.collect.populateTransaction(auditBatchId, '0x');
  await act(desk, collect, `burning the lock of audit ${auditBatchId}`, signal);
}

/** The proof that a batch was convicted by, if it shows a fault that stood in the trace of this leaf. */
async function shownFault({ provider, contracts, deployment }: Essaim, batchId: Hash, leaf: number) {
  const { Claims, Referee } = contracts;
  const log = await newestLog(provider, {
    address: await Claims.getAddress(),
    topics: [Claims.getEvent('Rejected').fragment.topicHash, batchId],
    fromBlock: deployment.startBlock,
  });
  const sent = log && (await provider.getTransaction(log.transactionHash));
  const { selector } = Referee.getFunction('proveFault').fragment;
  if (!sent?.data.startsWith(selector)) return null;
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
