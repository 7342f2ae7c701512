import type { Certainty } from './answer.ts';
import type { LineageLink, RevenueRow, SharesRow } from './asset.ts';

export interface DatasetVersionRow {
  version: number;
  columnsRoot: string;
  rows: bigint;
  /** Digest of its manifest. */
  manifest: string;
  time: number;
}

/** A registered data set. */
export interface DatasetRow {
  id: bigint;
  owner: string;
  typesHash: string;
  token: string;
  /** For one row, in the token's smallest unit. */
  price: bigint;
  /** Of its newest version. */
  rows: bigint;
  /** Oldest first. */
  versions: DatasetVersionRow[];
  children?: LineageLink[];
  shares: SharesRow | null;
  revenues?: RevenueRow[];
  createdAt: number;
  certainty: Certainty;
}

export interface DatasetQuery {
  owner?: string;
}
