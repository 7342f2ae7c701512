import type { DemandKind, Question } from '@essaim/protocol';

interface OfJob {
  readonly jobId: string;
}
interface Reason {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/**
 * What happens, for logs and for programs around the provider. `retrying`: something failed that may pass, and is tried
 * again; `failed`: it cannot succeed. `lost`: another provider was faster. `left`: by the free exit. `extended`: an
 * answer waits for a lower base fee. `unserved`: what lies inside a segment is shown on chain only.
 */
export type ProviderEvent =
  | (OfJob & { readonly event: 'accepted' | 'lost' | 'paid' | 'rejected' | 'late' })
  | (OfJob & { readonly event: 'submitted'; readonly receipt: string; readonly batchRoot: string })
  | (OfJob & Reason & { readonly event: 'refused' | 'retrying' | 'failed' | 'left' | 'input-fault' })
  | (OfJob & {
      readonly event: 'answered' | 'unanswered';
      readonly demandId: string;
      readonly leaf: number;
      readonly kind: DemandKind;
      readonly index: number;
    })
  | (Pick<Question, 'batchId' | 'leaf' | 'kind' | 'index'> & { readonly event: 'extended' })
  | (OfJob & Reason & { readonly event: 'unserved'; readonly segment: number })
  | (Reason & { readonly event: 'answer-delayed'; readonly demandId: string })
  | (Reason & { readonly event: 'chain' });
