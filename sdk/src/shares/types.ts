/** An asset that another comes from. */
export interface Parent {
  /** Id of the model or data set. */
  asset: bigint;
  /** Version of the data set; a model has none. */
  version: number | null;
  /** What it draws of the child's revenue, in basis points. */
  bps: number;
}

/** Who gets how many new shares, 18 decimals. */
export interface Part {
  holder: string;
  amount: bigint;
}

/** Shares of one asset. Amounts of shares have 18 decimals. */
export interface Holding {
  asset: bigint;
  /** Address of the ERC-20. */
  shares: string;
  balance: bigint;
  supply: bigint;
  /** ERC-20s in which holders are paid. */
  tokens: string[];
}

/** One holder of an asset's shares. `claimable` and `claimed` are in the smallest unit of the token asked for. */
export interface Holder {
  holder: string;
  balance: bigint;
  claimable: bigint;
  claimed: bigint;
}

/** An asset's revenue in one token, in its smallest unit. */
export interface Revenue {
  /** All that reached the asset: payments, and what it drew from what descends from it. */
  received: bigint;
  /** The asset's own of that: without what its parents draw. */
  earned: bigint;
  /** What was paid out of `earned`. */
  paid: bigint;
}

/** What a draw moved. */
export interface Drawing {
  transactions: number;
  /** What reached the asset by it. */
  received: bigint;
}
