import type { AuditRecord, Hash } from '@essaim/protocol';
import type { Essaim } from '@essaim/sdk';
import type { Log } from 'ethers';

/** An audit that came, as its event tells it. */
export interface SubmittedAudit {
  /** The audited batch. */
  readonly batchId: Hash;
  readonly auditBatchId: Hash;
  readonly auditor: string;
  readonly record: AuditRecord;
}

/** Reads the event `Audited`; null of any other log. */
export function readAudited({ contracts }: Pick<Essaim, 'contracts'>, log: Log): SubmittedAudit | null {
  const event = contracts.AuditPool.interface.parseLog(log);
  if (event?.name !== 'Audited') return null;
  const { batchId, auditBatchId, auditor, passed, segment, inputsRoot, traceRoot, innerRoot, ...rest } =
    event.args.toObject();
  const { index, leaf, seat, number, audits, odds } = rest;
  const counts = { index: Number(index), leaf: Number(leaf), seat: Number(seat), number: Number(number) };
  const record = {
    ...{ ...counts, audits: Number(audits), odds: Number(odds) },
    ...{ passed, segment, inputsRoot, traceRoot, innerRoot },
  };
  return { batchId, auditBatchId, auditor, record };
}
