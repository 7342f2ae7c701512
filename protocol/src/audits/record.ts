import type { AuditRecord } from './claim.ts';

/** The parameters of the event `Audited`, as ethers decodes them. */
export type AuditedArgs = Omit<AuditRecord, 'index' | 'leaf' | 'seat' | 'number' | 'audits' | 'odds'> &
  Record<'index' | 'leaf' | 'seat' | 'number' | 'audits' | 'odds', bigint>;

/** What an audit says, of its event: what `IAuditPool` takes back later. */
export function auditRecord({ index, leaf, seat, number, audits, odds, ...rest }: AuditedArgs): AuditRecord {
  const { passed, segment, inputsRoot, traceRoot, innerRoot } = rest;
  return {
    ...{ index: Number(index), leaf: Number(leaf), seat: Number(seat), number: Number(number) },
    ...{ audits: Number(audits), odds: Number(odds), passed, segment },
    ...{ inputsRoot, traceRoot, innerRoot },
  };
}
