import type { Engine } from '@essaim/runtime';
import type { BatchSource, RunParts } from '@essaim/sdk';
import type { Purse } from '@essaim/verifier';
import type { Shop } from '../shop.ts';
import type { TrainingPolicy } from './policy.ts';
import type { RoundArchive } from './round-archive.ts';

/** What a trainer works with. */
export interface TrainingShop extends Shop {
  readonly training: TrainingPolicy;
  readonly rounds: RoundArchive;
  /** What bonds of demands about other seats are paid from; without one they have no bound. */
  readonly purse?: Purse;
  /** Folder for data sets. */
  readonly data: string;
  /** Data of its own that it trains private runs on; nothing of it leaves the machine. */
  readonly shards?: readonly BatchSource[];
  /** What runs the steps on it, in order. Default: cpu. */
  readonly engines?: readonly Engine[];
}

/** A run that is trained here: its parts, its seed, and its data on disk. */
export interface OpenRun extends RunParts {
  readonly runId: string;
  readonly seed: string;
  readonly dataset: BatchSource;
}
