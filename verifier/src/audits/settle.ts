import { ClaimState, JobState, settleDemands } from '@essaim/sdk';
import { accountOf, act } from '../case.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { SubmittedAudit } from './record.ts';

/** Ends an audit of ours whose batch ended, and is paid; false while something of it is still open. */
export async function settleAudit(
  desk: AuditDesk,
  { jobId, provider, batchId, terms }: AuditedBatch,
  { auditBatchId, auditor, record }: SubmittedAudit,
  signal?: AbortSignal,
): Promise<boolean> {
  const { essaim, kept, say } = desk;
  const { AuditPool, Claims, JobMarket } = essaim.contracts;
  const about = { jobId, provider, index: record.index };
  const isWrong = record.passed && (await AuditPool.shown(batchId, record.leaf));
  const own = await Claims.state(auditBatchId);
  if (isWrong || own === ClaimState.Rejected) say({ event: 'audit-lost', ...about });
  else if (!(await AuditPool.done(record.seat, record.number))) {
    const audited = await Claims.state(batchId);
    if (own === ClaimState.Pending || audited === ClaimState.Pending) return false;
    const { state } = await JobMarket.job(jobId);
    if (audited === ClaimState.Final && (state === JobState.Submitted || state === JobState.Released)) {
      const pay = await JobMarket.withdraw.populateTransaction(terms);
      await act(desk, pay, `ending job ${jobId}`, signal);
    }
    const call = await AuditPool.settle.populateTransaction([terms], [record]);
    const { logs } = await act(desk, call, `settling the audit of job ${jobId}`, signal);
    const event = logs.map((log) => AuditPool.interface.parseLog(log)).find((entry) => entry?.name === 'Settled');
    say({ event: 'settled', ...about, token: terms.token, pay: String(event?.args.pay ?? 0n) });
  }
  await kept.release(auditBatchId);
  await settleDemands(essaim, auditBatchId, essaim.deployment.startBlock, auditor, signal);
  return true;
}

/** Fetches what this account is owed of a token, as far as it came in. */
export async function collectPay(desk: AuditDesk, token: string, signal?: AbortSignal): Promise<void> {
  const { essaim, say } = desk;
  const account = await accountOf(desk).getAddress();
  if ((await essaim.audits.owed(token, account)) === 0n) return;
  const amount = await essaim.audits.collect(token, account, signal).catch(whenNothing);
  if (amount > 0n) say({ event: 'audit-paid', token, amount: String(amount) });
}

/** The pool may hold nothing of the token yet. */
function whenNothing(error: unknown): bigint {
  if (error instanceof Error && 'code' in error && error.code === 'AuditPool_Nothing') return 0n;
  throw error;
}
