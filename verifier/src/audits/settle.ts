import { allLogs, ClaimState, eventOf, JobState, settleDemands, unlessDone, until } from '@essaim/sdk';
import { batchState, behind } from '@essaim/sdk/node';
import { type Block, zeroPadValue } from 'ethers';
import { accountOf, act } from '../case.ts';
import { windowsSince } from '../horizon.ts';
import { notBefore } from '../not-before.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { SubmittedAudit } from './record.ts';

/** Ends audits of ours of one batch that ended, and is paid; whether nothing of them is open, and in which block it was. */
export async function settleAudits(
  desk: AuditDesk,
  batch: AuditedBatch,
  audits: readonly SubmittedAudit[],
  signal?: AbortSignal,
): Promise<{ hasEnded: boolean; block: number }> {
  const { essaim, kept, say } = desk;
  const { jobId, provider } = batch;
  const standing = await Promise.all(audits.map((audit) => standingOf(desk, batch, audit)));
  const at = (wanted: Standing) => audits.filter((_, i) => standing[i] === wanted);
  const due = at('due');
  const block = due.length > 0 ? await settle(desk, batch, due, signal) : 0;
  for (const { record } of at('lost')) say({ event: 'audit-lost', jobId, provider, index: record.index });
  for (const { auditBatchId, auditor } of audits.filter((audit) => !at('open').includes(audit))) {
    await kept.release(auditBatchId);
    await settleDemands(essaim, auditBatchId, essaim.deployment.startBlock, auditor, signal);
  }
  return { hasEnded: at('open').length === 0, block };
}

type Standing = 'lost' | 'done' | 'open' | 'due';

async function standingOf(
  { essaim }: AuditDesk,
  { batchId }: AuditedBatch,
  { auditBatchId, record }: SubmittedAudit,
): Promise<Standing> {
  const { AuditPool, Claims } = essaim.contracts;
  const own = await batchState(essaim.contracts, auditBatchId);
  const isWrong = record.passed && (await AuditPool.shown(batchId, record.leaf));
  if (isWrong || own === ClaimState.Rejected) return 'lost';
  if (await AuditPool.done(record.seat, record.number)) return 'done';
  return own === ClaimState.Pending || (await Claims.state(batchId)) === ClaimState.Pending ? 'open' : 'due';
}

/** Has the job's money move, which pays its audits, then settles all of them at once; in which block. */
async function settle(
  desk: AuditDesk,
  { jobId, provider, batchId, terms }: AuditedBatch,
  audits: readonly SubmittedAudit[],
  signal?: AbortSignal,
): Promise<number> {
  const { AuditPool, Claims, JobMarket } = desk.essaim.contracts;
  const { state } = await JobMarket.job(jobId);
  if (state === JobState.Submitted) {
    const isRejected = (await Claims.state(batchId)) === ClaimState.Rejected;
    const end = await (isRejected ? JobMarket.refund : JobMarket.withdraw).populateTransaction(terms);
    await act(desk, end, `ending job ${jobId}`, signal).catch(unlessDone(['JobMarket_State']));
  }
  const records = audits.map(({ record }) => record);
  const call = await AuditPool.settle.populateTransaction(
    records.map(() => terms),
    records,
  );
  const { logs, blockNumber } = await act(desk, call, `settling audits of job ${jobId}`, signal);
  for (const { auditBatchId, record } of audits) {
    const events = logs.map((log) => AuditPool.interface.parseLog(log)).filter((entry) => entry?.name === 'Settled');
    const pay = events.find((entry) => entry?.args.auditBatchId === auditBatchId)?.args.pay ?? 0n;
    desk.say({ event: 'settled', jobId, provider, index: record.index, token: terms.token, pay: String(pay) });
  }
  return blockNumber;
}

/** Fetches what this account is owed of a token since a block, as far as it came in; waits for an endpoint that is behind. */
export async function collectPay(desk: AuditDesk, token: string, since: number, signal?: AbortSignal): Promise<void> {
  const { essaim, say } = desk;
  const account = await accountOf(desk).getAddress();
  const owed = () => notBefore(essaim, since, () => essaim.audits.owed(token, account));
  if ((await until(owed, { interval: essaim.pollingInterval, signal })) === 0n) return;
  const amount = await essaim.audits.collect(token, account, signal).catch(whenNothing);
  if (amount > 0n) say({ event: 'audit-paid', token, amount: String(amount) });
}

/** What a stop left behind audits that are settled: what demands of the last ones owe, and the pay of all. CHAIN_BEHIND */
export async function collectLeft(desk: AuditDesk, head: Block, signal?: AbortSignal): Promise<void> {
  const { essaim } = desk;
  const { AuditPool } = essaim.contracts;
  const { startBlock } = essaim.deployment;
  const account = await accountOf(desk).getAddress();
  const topics = [AuditPool.getEvent('Settled').fragment.topicHash, null, zeroPadValue(account, 32)];
  const address = await AuditPool.getAddress();
  const filter = { address, topics, fromBlock: startBlock };
  const logs = await notBefore(essaim, head.number, () => allLogs(essaim.provider, filter));
  if (!logs) throw behind(`block ${head.number}`);
  const since = await windowsSince(essaim, head, 2);
  const tokens = new Set<string>();
  for (const log of logs) {
    const { auditBatchId, token } = eventOf(AuditPool.interface, log)!.args;
    tokens.add(token);
    if (log.blockNumber >= since) await settleDemands(essaim, auditBatchId, startBlock, account, signal);
  }
  for (const token of tokens) await collectPay(desk, token, head.number, signal);
}

/** The pool may hold nothing of the token yet. */
function whenNothing(error: unknown): bigint {
  if (error instanceof Error && 'code' in error && error.code === 'AuditPool_Nothing') return 0n;
  throw error;
}
