interface Reason {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}
interface OfPayee {
  readonly payee: string;
}

/**
 * What happens at a sponsor. `lent`: a tab's execution was accepted, `checked` if it was run again; `took-back`: a tab went
 * away or took too long, so somebody else does it; `barred`: a tab's trace was not what its model makes; `escrowed`: tokens
 * were put behind a payee's vouchers; `agreed`: a tab made the same as somebody claimed; `disputed`: the sponsor and a tab
 * both made something else, so a verifier should look at the batch.
 */
export type SponsorEvent =
  | { readonly event: 'sponsoring'; readonly url: string }
  | (OfPayee & { readonly event: 'lender-joined' | 'lender-left' })
  | (OfPayee & {
      readonly event: 'lent';
      readonly what: 'job' | 'check';
      readonly programId: string;
      readonly checked: boolean;
    })
  | (OfPayee & Reason & { readonly event: 'took-back' | 'barred' })
  | (OfPayee & { readonly event: 'escrowed'; readonly amount: bigint })
  | (OfPayee & Reason & { readonly event: 'not-escrowed' })
  | { readonly event: 'agreed' | 'disputed'; readonly jobId: string; readonly leaf: number }
  | (Reason & { readonly event: 'sponsor-failed' })
  | (Reason & { readonly event: 'unchecked'; readonly jobId: string });
