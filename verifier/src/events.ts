import type { DemandKind, MalformedFault } from '@essaim/protocol';
import type { PoolEvent } from '@essaim/runtime';
import type { Failure } from '@essaim/sdk/node';
import type { AuditEvent } from './audits/events.ts';
import type { Deed } from './consent.ts';
import type { Conviction } from './convict.ts';

/** Of what a submission is: a job, a seat's round of a run of training, or its aggregation. */
export type Told =
  | { readonly jobId: string; readonly provider: string }
  | {
      readonly runId: string;
      readonly batchId: string;
      readonly round: number;
      readonly seat: number | 'aggregation';
      readonly provider: string;
    };
type OfSubmission = Told;

/**
 * What a verifier found out. `checked`: no fault in it, of a round in the steps that were run again (`steps` of `of`);
 * `sealed`: nobody handed its key over, so there is nothing to check; `withheld`: bytes are missing and are demanded on chain; `collected`: the slash of a conviction from before a restart;
 * `lost`: someone else convicted it first; `over`: the window closed before it could be checked;
 * `barred`: the program breaks a rule of programs, and nobody can post a job for it any more; `forgone`: what would be
 * done, and is not: nobody signs here, or a person said no; `asks`: it waits for a person's yes, `agreed` was given;
 * `chosen` and `spared`: with a budget, whether it is looked at, and why; `unreached`: more waits than can be checked by the
 * end of their windows, and this comes last: seconds that are `left`, and that it would take;
 * `over-budget`: it would cost more than one challenge may; where `isSure` it would win.
 */
export type VerifierEvent =
  | AuditEvent
  | (OfSubmission & { readonly event: 'checked' | 'over'; readonly steps?: number; readonly of?: number })
  | (OfSubmission & Conviction & { readonly event: 'convicted' })
  | (OfSubmission & { readonly event: 'collected'; readonly slashed: string; readonly bounty: string })
  | (OfSubmission & { readonly event: 'sealed' })
  | (OfSubmission & { readonly event: 'lost'; readonly challenger: string })
  | (OfSubmission & { readonly event: 'forgone'; readonly deed: Deed['kind']; readonly why: string })
  | { readonly event: 'asks' | 'agreed'; readonly id: string; readonly deed: Deed['kind']; readonly why: string }
  | (OfSubmission & { readonly event: 'withheld'; readonly what: string })
  | (OfSubmission & {
      readonly event: 'chosen' | 'spared';
      readonly chance: number;
      readonly lot: number;
      readonly value: number;
      readonly doubt: number;
      readonly why: string;
    })
  | (OfSubmission & { readonly event: 'unreached'; readonly left: number; readonly takes: number })
  | (OfSubmission & {
      readonly event: 'demanded' | 'answered';
      readonly leaf: number;
      readonly kind: DemandKind;
      readonly index: number;
    })
  | {
      readonly event: 'barred';
      readonly programId: string;
      /** What shows it: an operator's leaf, two in a row, or producer and consumer. */
      readonly fault: MalformedFault['kind'];
    }
  | (OfSubmission & Failure & { readonly event: 'over-budget'; readonly isSure: boolean })
  | (OfSubmission & Failure & { readonly event: 'retrying' | 'failed' })
  | (Failure & { readonly event: 'chain' | 'fleet' })
  | PoolEvent;
