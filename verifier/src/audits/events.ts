import type { Failure } from '@essaim/sdk/node';

interface OfAudit {
  readonly jobId: string;
  /** Who did the job. */
  readonly provider: string;
  /** Which of the batch's audits. */
  readonly index: number;
}

/**
 * What an auditor did. `drawn`: this account audits that leaf; `audited`: its audit was submitted; `audit-missed`: an audit
 * did not come in time, its own or another's, which it reported, so that so much wei was `burned`; `struck`: who passed what
 * was shown wrong lost its lock; `audit-lost`: its own audit was convicted or struck; `settled`: the lock came back, and
 * `pay` of `token` was credited; `audit-paid`: what was credited was paid out, as far as it had come in.
 */
export type AuditEvent =
  | (OfAudit & { readonly event: 'drawn'; readonly leaf: number })
  | (OfAudit & {
      readonly event: 'audited';
      readonly leaf: number;
      readonly passed: boolean;
      readonly auditBatchId: string;
    })
  | (OfAudit & { readonly event: 'audit-missed'; readonly auditor: string; readonly burned: string })
  | (OfAudit & { readonly event: 'struck'; readonly auditor: string })
  | (OfAudit & { readonly event: 'audit-lost' })
  | (OfAudit & { readonly event: 'settled'; readonly token: string; readonly pay: string })
  | { readonly event: 'audit-paid'; readonly token: string; readonly amount: string }
  | { readonly event: 'audit-answered'; readonly auditBatchId: string; readonly kind: string; readonly index: number }
  | (Failure & { readonly event: 'audit-answer-delayed'; readonly demandId: string });
