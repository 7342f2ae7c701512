import { type Hash, type RunTerms, ZERO_HASH } from '@essaim/protocol';

/** Which runs a trainer takes part in, and what for. */
export interface TrainingPolicy {
  /** Runs it trains, by id; empty: any. */
  runs: readonly Hash[];
  /** Least fee for one step, in smallest units, by token address (lower case). Other tokens are refused. */
  minimumFee: Readonly<Record<string, bigint>>;
  /** Most MIEL at stake for one pending round, in wei. */
  maximumCollateral: bigint;
  /** Steps between two checkpoints that are kept and published; at most these have to be trained again after a stop. */
  checkpointEvery: number;
  /** Judge a sample of one step of each round before committing to it. */
  selfCheck: boolean;
  /** Put the steps' traces on IPFS with the receipt; otherwise they are shown on demand only. */
  publishTraces: boolean;
  /** Milliseconds for which what another seat ended in may be missing before it is demanded on chain; default 600,000. */
  patience?: number;
  /** Milliseconds that this seat leaves to each one before it to aggregate, and to demand; default 60,000. */
  stepIn?: number;
}

const MILLI = 10n ** 15n;
/** Seconds in which the block that names the rows comes, its value is recorded and a score sent. */
const LEAST_ROUND = 900;

/** Why a run is not for this trainer, which has so many shards of its own, in words; null if it is. */
export function runRefusal(policy: TrainingPolicy, runId: Hash, terms: RunTerms, shards = 0): string | null {
  const least = policy.minimumFee[terms.token.toLowerCase()];
  if (policy.runs.length > 0 && !policy.runs.includes(runId)) return 'a run that is not trained';
  if (terms.scoreProgramId !== ZERO_HASH) {
    if (shards === 0) return 'a run for trainers with data of their own, of which none is given';
    if (terms.roundSeconds < LEAST_ROUND) return `less than ${LEAST_ROUND} seconds to score an update`;
  }
  if (least === undefined) return 'a token that is not taken';
  if (terms.feePerStep < least) return `a fee below ${least}`;
  const collateral = terms.collateral * MILLI;
  return collateral > policy.maximumCollateral ? `collateral above ${policy.maximumCollateral}` : null;
}
