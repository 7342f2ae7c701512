import type { Certainty } from './answer.ts';
import type { LineageLink, RevenueRow, SharesRow } from './asset.ts';

/** A program that a model holds. */
export interface ModelProgramRow {
  /** The program's id. */
  id: string;
  /** Digest of the manifest that says where the model's file is. */
  manifest: string;
  /** Why it is barred from new jobs (bytes32); null: it is not. */
  barred: string | null;
  time: number;
}

/** A registered model. */
export interface ModelRow {
  /** Its number, as `essaim.models` takes it. */
  id: bigint;
  owner: string;
  /** ERC-20 of its price. */
  token: string;
  /** For one inference, in the token's smallest unit. */
  price: bigint;
  /** Id of the training run that made it; null: none did. */
  run: string | null;
  programs: ModelProgramRow[];
  parents: LineageLink[];
  /** What comes from it, at most 100. */
  children?: LineageLink[];
  shares: SharesRow | null;
  /** By token. */
  revenues?: RevenueRow[];
  createdAt: number;
  certainty: Certainty;
}

export interface ModelQuery {
  owner?: string;
  /** Only those that hold this program. */
  program?: string;
  /** Only those that this run made. */
  run?: string;
}
