import type { DemandKind, Question } from '@essaim/protocol';

interface OfJob {
  readonly jobId: string;
}
interface OfModel {
  readonly model: string;
  readonly programId: string;
}
interface OfRun {
  readonly runId: string;
}
interface OfRound extends OfRun {
  readonly round: number;
  readonly seat: number;
}
interface OfOthers extends OfRun {
  readonly round: number;
  readonly seat: number | 'aggregation';
}
interface Reason {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/**
 * What happens, for logs and for programs around the provider. `retrying`: something failed that may pass, and is tried
 * again; `failed`: it cannot succeed. `lost`: another provider was faster. `left`: by the free exit. `extended`: an
 * answer waits for a lower base fee. `qualified`: whether this device may sell a model was found out; `unmeasured`: how fast
 * it is was not. `serving`: offers are served; `quoted`: a promise was given. `draining`: nothing new is accepted; `drained`:
 * what could be ended was, `until` says when the last of what is left can be. `unserved`: what lies inside a segment is shown on chain only. Of runs `trained`:
 * steps that were run now; `committed`: the round was submitted; `settled`: rounds became final; `earned`: their pay came;
 * `aggregated`: the updates of these seats were made the next checkpoint; `overtaken`: the round went on before our batch
 * came; of private runs `sealed`: the update was committed to; `rows-drawn`: the block that names the rows is fixed;
 * `scored`: the update was shown; `missed`: a commitment was ended that nobody showed; `unable`: this trainer lacks what
 * the round takes and lets it pass; `repeated`: nothing improved, the round begins again. Of all runs `unshown`: nobody
 * serves what a seat submitted, so the round waits; `demanded`: it is asked for on chain, and `shown` there, or its
 * trainer is `silent` and convicted; `unseated`: the seat is lost; `done`: nothing is left to do for it.
 */
export type ProviderEvent =
  | (OfJob & { readonly event: 'accepted' | 'lost' | 'paid' | 'rejected' | 'late' })
  | (OfJob & { readonly event: 'submitted'; readonly receipt: string; readonly batchRoot: string })
  | (OfJob & Reason & { readonly event: 'refused' | 'retrying' | 'failed' | 'left' | 'input-fault' })
  | (OfModel & {
      readonly event: 'qualified';
      readonly isQualified: boolean;
      readonly engine: string;
      readonly seconds: number | null;
    })
  | (Pick<OfModel, 'programId'> & Reason & { readonly event: 'unmeasured' })
  | (Reason & { readonly event: 'shop-failed' })
  | { readonly event: 'serving'; readonly url: string }
  | {
      readonly event: 'quoted';
      readonly quote: string;
      readonly model: string;
      readonly count: number;
      readonly readyBy: number;
    }
  | {
      readonly event: 'draining';
      readonly seconds: number | null;
      readonly accepted: number;
      readonly submitted: number;
    }
  | { readonly event: 'drained'; readonly accepted: number; readonly submitted: number; readonly until: number | null }
  | (OfRun & { readonly event: 'seated'; readonly seat: number; readonly locks: number })
  | (OfRun & { readonly event: 'vacated'; readonly seat: number })
  | (OfRun & { readonly event: 'drawn' | 'unseated' | 'earned' | 'completed' | 'done' })
  | (OfRun & { readonly event: 'settled'; readonly rounds: number })
  | (OfRun & Reason & { readonly event: 'refused' | 'retrying' | 'failed' })
  | (OfRound & { readonly event: 'trained'; readonly steps: number })
  | (OfRound & { readonly event: 'committed'; readonly loss: number; readonly receipt: string })
  | (Omit<OfRound, 'seat'> & { readonly event: 'aggregated'; readonly seats: number[]; readonly receipt: string })
  | (Omit<OfRound, 'seat'> & { readonly event: 'overtaken' | 'rows-drawn' | 'repeated' })
  | (OfRound & { readonly event: 'sealed' | 'missed' })
  | (OfRound & {
      readonly event: 'scored';
      readonly losses: readonly number[];
      readonly gain: number;
      readonly receipt: string;
    })
  | (OfRound & Reason & { readonly event: 'unable' })
  | (OfOthers & Reason & { readonly event: 'unshown' })
  | (OfOthers & { readonly event: 'demanded' | 'shown' | 'silent' })
  | ((OfJob | OfRun) & {
      readonly event: 'answered' | 'unanswered';
      readonly demandId: string;
      readonly leaf: number;
      readonly kind: DemandKind;
      readonly index: number;
    })
  | (Pick<Question, 'batchId' | 'leaf' | 'kind' | 'index'> & { readonly event: 'extended' })
  | ((OfJob | OfRun) & Reason & { readonly event: 'unserved'; readonly segment: number })
  | (Reason & { readonly event: 'answer-delayed'; readonly demandId: string })
  | (Reason & { readonly event: 'chain' | 'worker' });
