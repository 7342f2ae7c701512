import { type AuditedArgs, type AuditRecord, auditRecord, type Hash } from '@essaim/protocol';
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
  const { batchId, auditBatchId, auditor } = event.args;
  return { batchId, auditBatchId, auditor, record: auditRecord(event.args.toObject() as unknown as AuditedArgs) };
}
