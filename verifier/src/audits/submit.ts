import { auditBatchId, concat, toHex } from '@essaim/protocol';
import { act } from '../case.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { Assignment } from './draw.ts';
import type { Look } from './look.ts';

/** Submits an audit, once what it answers for is on disk. */
export async function submitAudit(
  desk: AuditDesk,
  { batchId, terms, jobId, provider }: AuditedBatch,
  { index, leaf }: Assignment,
  { own, segment, innerRoot, siblings, charge, submission }: Look,
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, kept, say } = desk;
  const { AuditPool } = essaim.contracts;
  const id = auditBatchId(await AuditPool.getAddress(), batchId, index);
  await kept.keep(id, submission.model.onnx, own, segment);
  const passed = charge?.verdict !== 'convicted';
  const { inputsRoot, traceRoot } = own;
  const finding = { index, passed, inputsRoot, traceRoot, innerRoot };
  const call = await AuditPool.audit.populateTransaction(terms, finding, toHex(concat(siblings)));
  await act(desk, call, `auditing leaf ${leaf} of job ${jobId}`, signal);
  say({ event: 'audited', jobId, provider, index, leaf, passed, auditBatchId: id });
}
