/** What one model is sold for in one token. Amounts in smallest units as decimal text, of MIEL in wei. */
export interface OfferLine {
  /** The model's id as decimal text; `0`: any that no other line names. */
  model: string;
  token: string;
  /** Least fee for one input. */
  fee: string;
  /** Most MIEL that the provider puts at stake for one job. */
  collateral: string;
  /** Most inputs of one job; 0: any number. */
  inputs: number;
  /** What one input took, in milliseconds; 0: not known. */
  milliseconds: number;
}

/** What a provider sells, signed by its account. */
export interface Offer {
  kind: 'essaim/offer/1';
  chainId: number;
  /** The job market that it sells on. */
  market: string;
  provider: string;
  /** Where quotes are asked for; empty where they are not given. */
  url: string;
  /** Seconds since 1970. */
  issued: number;
  validUntil: number;
  /** Jobs that it runs at once. */
  concurrency: number;
  lines: OfferLine[];
  signature: string;
}

/** A provider's promise to take one job of these terms, signed by its account. Amounts as in {@link OfferLine}. */
export interface Quote {
  kind: 'essaim/quote/1';
  chainId: number;
  market: string;
  provider: string;
  /** Who may post the job; the zero address: anyone. */
  requester: string;
  model: string;
  programId: string;
  token: string;
  /** Inputs, at most. */
  count: number;
  /** For one input, at least. */
  fee: string;
  collateral: string;
  /** The earliest deadline that the job may have, in seconds since 1970. */
  readyBy: number;
  /** The last second in which it may be posted. */
  validUntil: number;
  signature: string;
}

/** What a quote is asked for. */
export interface QuoteRequest {
  model: string;
  programId: string;
  token: string;
  count: number;
  /** MIEL at stake that is asked for, in wei. */
  collateral: string;
  requester?: string;
}

/** A provider whose offer was not to be had, and why. */
export interface MissingOffer {
  provider: string;
  code: string;
  message: string;
}

/** An offer, and its line for what is wanted. */
export interface Choice {
  offer: Offer;
  line: OfferLine;
  /** Fee of all inputs, in smallest units of the line's token. */
  cost: bigint;
}
