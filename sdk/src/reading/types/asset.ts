/** One asset that another comes from, or that comes from it. */
export interface LineageLink {
  /** Number of the other asset. */
  asset: bigint;
  kind: 'model' | 'dataset' | 'unknown';
  /** Version of the data set; null: a model. */
  version: number | null;
  /** What the parent draws of the child's revenue, in basis points. */
  bps: number;
}

/** An asset's money in one token, in its smallest unit. */
export interface RevenueRow {
  token: string;
  /** Paid to it, without what it drew from its children. */
  received: bigint;
  drawn: bigint;
  /** Given to its parents. */
  given: bigint;
  paid: bigint;
}

/** The ERC-20 whose holders divide an asset's revenue. Amounts have 18 decimals. */
export interface SharesRow {
  address: string;
  issuer?: string;
  supply: bigint;
  /** How many accounts hold some. */
  holders?: number;
  /** ERC-20s in which holders are paid. */
  tokens: string[];
}

/** What an account holds of an asset's shares. */
export interface HoldingRow {
  /** Number of the asset. */
  asset: bigint;
  kind: 'model' | 'dataset' | 'unknown';
  /** Address of the shares' ERC-20. */
  shares: string;
  holder: string;
  balance: bigint;
  supply: bigint;
  tokens: string[];
  certainty: 'final' | 'provisional';
}
