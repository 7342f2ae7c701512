import { AbiCoder, keccak256 } from 'ethers';
import { fromHex, type Hash, ZERO_HASH } from '../commitments/bytes.ts';
import { batchId, type Claim, type Context, claimHash, contextHash } from '../commitments/claim.ts';
import { ListTree, listRoot } from '../commitments/list.ts';
import { RUN_TERMS, type RunTerms } from './terms.ts';

/** What a batch of a run is about; `ITrainingRegistry.Batch` says what each means. */
export interface RunBatch {
  readonly round: number;
  readonly turn: number;
  /** Of an aggregation: turn of the round which it begins; else 0. */
  readonly nextTurn: number;
  /** From 0; of an aggregation 0. */
  readonly seat: number;
  readonly trainer: string;
  readonly count: number;
  readonly checkpoint: Hash;
  /** Zero for step claims. */
  readonly contributions: Hash;
}

/** A seat's batch of steps as an aggregation takes it in. */
export interface Contribution {
  readonly seat: number;
  readonly count: number;
  readonly trainer: string;
  readonly checkpoint: Hash;
}

const BATCH =
  'tuple(uint24 round,uint24 turn,uint24 nextTurn,uint16 seat,address trainer,uint32 count,bytes32 checkpoint,bytes32 contributions)';
const CONTRIBUTIONS = 'tuple(uint16 seat,uint32 count,address trainer,bytes32 checkpoint)[]';
const abi = AbiCoder.defaultAbiCoder();

/** List root of a checkpoint's tensor roots: parameters, then the optimiser's state. */
export const checkpointRoot = (tensors: readonly { readonly root: Hash }[]): Hash =>
  listRoot(tensors.map(({ root }) => root));

/** Digest of what an aggregation takes in; of no contributions zero. */
export const contributionsDigest = (contributions: readonly Contribution[]): Hash =>
  contributions.length === 0 ? ZERO_HASH : keccak256(abi.encode([CONTRIBUTIONS], [contributions]));

/** Subject of a batch's claims: keccak256(abi.encode(runId, batch)). */
export const runSubject = (runId: Hash, batch: RunBatch): Hash =>
  keccak256(abi.encode(['bytes32', BATCH], [runId, batch]));

/** The batch in `Claims`. */
export const runBatchId = (registry: string, runId: Hash, batch: RunBatch): Hash =>
  batchId(registry, runSubject(runId, batch));

/** What `Penalties.collect` and `Availability.demandOutput` hand to the registry. */
export const clientData = (terms: RunTerms, batch: RunBatch): Hash => abi.encode([RUN_TERMS, BATCH], [terms, batch]);

/** What a step or an aggregation claims, before it has its place. */
export type RunClaim = Pick<Claim, 'programId' | 'inputsRoot' | 'traceRoot'>;

export interface ChainedClaims {
  readonly claims: readonly Claim[];
  /** List over the claims' hashes: its root is the batch's. */
  readonly batch: ListTree;
}

/** The claims of a batch in order: each continues the one before it, the first `parent`, which its round began from. */
export function chainClaims(
  place: Pick<Context, 'chainId'> & { readonly registry: string; readonly runId: Hash },
  batch: RunBatch,
  parent: Hash,
  claims: readonly RunClaim[],
): ChainedClaims {
  const subject = runSubject(place.runId, batch);
  let continues = parent;
  const placed = claims.map((claim, position) => {
    const context = contextHash({ chainId: place.chainId, client: place.registry, subject, position, continues });
    const whole = { ...claim, context };
    continues = claimHash(whole);
    return whole;
  });
  return { claims: placed, batch: new ListTree(placed.map(claimHash)) };
}

/** Round, turns, seat and count of the event of a batch. */
export function placeOf(place: bigint): Pick<RunBatch, 'round' | 'turn' | 'nextTurn' | 'seat' | 'count'> {
  const field = (offset: number, bits: number): number => Number(BigInt.asUintN(bits, place >> BigInt(offset)));
  return {
    round: field(0, 24),
    turn: field(24, 24),
    nextTurn: field(48, 24),
    seat: field(72, 16),
    count: field(88, 32),
  };
}

/** What challengers accuse an aggregation with beforehand: a contribution by its index, or one that is left out. */
export const contributionProof = (index: number): Uint8Array => fromHex(abi.encode(['uint256'], [index]));
export const omissionProof = (omitted: Contribution): Uint8Array =>
  fromHex(abi.encode([CONTRIBUTIONS.slice(0, -2)], [omitted]));
