import { account, address, amount, count, flag, hex, inner, nullable, object, oneOf } from '../indexer/shape.ts';
import type { AuditQuery, AuditRow, Fact } from '../types/index.ts';
import { states } from './jobs.ts';
import { type List, only } from './lists.ts';

export const audits: List<AuditRow, AuditQuery> = {
  entity: 'Audit',
  one: 'audit',
  many: 'audits',
  order: 'submittedAt',
  shape: object<Fact<AuditRow>>({
    id: hex,
    batch: inner('id', hex),
    leaf: count,
    auditor: account,
    seat: inner('number', count),
    state: oneOf<AuditRow['state']>({
      Submitted: 'submitted',
      Settled: 'settled',
      Struck: 'struck',
      Convicted: 'convicted',
    }),
    index: count,
    audits: count,
    odds: count,
    passed: flag,
    segment: count,
    token: nullable(address),
    pay: nullable(amount),
    submittedAt: count,
    endedAt: nullable(count),
    transaction: hex,
  }),
  where: ({ batch, auditor, state, passed }) =>
    only({ batch: batch?.toLowerCase(), auditor: auditor?.toLowerCase(), state_in: states(state), passed }),
};
