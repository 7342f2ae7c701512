import { auditBatchId, EssaimError, MILLI_MIEL } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { accountOf, act } from '../case.ts';
import type { AuditedBatch } from './batch.ts';
import type { AuditDesk } from './desk.ts';
import type { Assignment } from './draw.ts';

/** Reports an audit that did not come in its time, unless it is one's own; nothing where it came, or was reported. */
export async function reportMissed(
  desk: AuditDesk,
  { jobId, provider, batchId, terms, round }: AuditedBatch,
  { index, auditor }: Assignment,
  signal?: AbortSignal,
): Promise<void> {
  const { essaim, say } = desk;
  const { AuditPool, Claims } = essaim.contracts;
  const [by] = await Claims.submission(auditBatchId(await AuditPool.getAddress(), batchId, index));
  if (auditor === null || by !== ZeroAddress) return;
  const about = { event: 'audit-missed', jobId, provider, index, auditor } as const;
  if (auditor === (await accountOf(desk).getAddress())) return say({ ...about, burned: '0' });
  await essaim.audits.record(round, signal);
  const call = await AuditPool.missed.populateTransaction(terms, index);
  try {
    const { logs } = await act(desk, call, `reporting a missed audit of job ${jobId}`, signal);
    const event = logs.map((log) => AuditPool.interface.parseLog(log)).find((entry) => entry?.name === 'Missed');
    say({ ...about, burned: String((event?.args.burned ?? 0n) * MILLI_MIEL) });
  } catch (error) {
    // somebody else reported it, or its term is over
    if (!(error instanceof EssaimError) || !/^AuditPool_(Done|Term|State)$/.test(error.code)) throw error;
  }
}
