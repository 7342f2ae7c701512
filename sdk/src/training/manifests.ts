import { hasFields, isHash, isListOf, isText, isTexts, reader } from '../content/manifests.ts';

/** What a run's on-chain digest names: everything that training it takes. */
export interface RunManifest {
  kind: 'essaim/run/1';
  name: string;
  description: string;
  licence: string;
  /** CID of the step program's ONNX file; compiling it must give `programId`. */
  step: string;
  programId: string;
  /** CID of the forward model's ONNX file, into which the trained parameters go. */
  model: string;
  /** Names of its initialisers that are trained, in the order of the step program's first inputs. */
  parameters: string[];
  /** CIDs of the first checkpoint's tensors. */
  checkpoint: string[];
  /** CID of the schedule: float32 [rounds × steps, k]. */
  schedule: string;
  /** CID of the aggregation program's ONNX file; null with one seat. */
  aggregation: string | null;
  /** CID of the score program's ONNX file; null where trainers train on the run's data set. */
  score: string | null;
  /** Who may train; empty: anyone. */
  trainers: string[];
}

/** One step's claim in a receipt; roots 32 bytes each, one after the other. */
export interface StepReceipt {
  inputsRoot: string;
  traceRoot: string;
  inputs: Uint8Array;
  /** Zeros where a value is inner to its segment. */
  values: Uint8Array;
  /** CID of all boundary values' committed bytes, in value order; null where they are served on demand only. */
  trace: string | null;
}

/** A checkpoint on the way: CIDs of the tensors that step `step` of the round begins from. */
export interface StoredCheckpoint {
  step: number;
  tensors: string[];
}

/** What the receipt digest of a batch of steps names. */
export interface StepsReceipt {
  kind: 'essaim/steps/1';
  programId: string;
  claims: StepReceipt[];
  /** float32 of every step, little-endian. */
  losses: Uint8Array;
  /** CIDs of the tensors that the batch ends in. */
  checkpoint: string[];
  /** On the way, in order. */
  checkpoints: StoredCheckpoint[];
  /** Device and settings, for the record. */
  engine: Record<string, string>;
}

/** What the receipt digest of an aggregation names: a claim for each contribution, and what they come to. */
export interface AggregationReceipt {
  kind: 'essaim/aggregation/1';
  programId: string;
  claims: StepReceipt[];
  /** CIDs of the tensors that the next round begins from. */
  checkpoint: string[];
  /** Device and settings, for the record. */
  engine: Record<string, string>;
}

/** What the receipt digest of a score names: the claims of what its round began from and of the update. */
export interface ScoreReceipt extends Omit<StepsReceipt, 'kind' | 'checkpoints'> {
  kind: 'essaim/score/1';
}

const isRoots = (value: unknown): boolean => value instanceof Uint8Array && value.length % 32 === 0;

/** Each of these returns the manifest if it is well-formed, else throws MANIFEST_INVALID. */
export const readRunManifest = reader<RunManifest>('essaim/run/1', {
  name: isText,
  description: isText,
  licence: isText,
  step: isText,
  programId: isHash,
  model: isText,
  parameters: isTexts,
  checkpoint: isTexts,
  schedule: isText,
  aggregation: (value) => value === null || isText(value),
  score: (value) => value === null || isText(value),
  trainers: isTexts,
});
const isClaims = isListOf(
  hasFields<StepReceipt>({
    inputsRoot: isHash,
    traceRoot: isHash,
    inputs: isRoots,
    values: isRoots,
    trace: (value) => value === null || isText(value),
  }),
);
const isEngine = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);
export const readStepsReceipt = reader<StepsReceipt>('essaim/steps/1', {
  programId: isHash,
  claims: isClaims,
  losses: (value) => value instanceof Uint8Array && value.length % 4 === 0,
  checkpoint: isTexts,
  checkpoints: isListOf(
    hasFields<StoredCheckpoint>({ step: (value) => Number.isSafeInteger(value), tensors: isTexts }),
  ),
  engine: isEngine,
});
export const readScoreReceipt = reader<ScoreReceipt>('essaim/score/1', {
  programId: isHash,
  claims: isClaims,
  losses: (value) => value instanceof Uint8Array && value.length === 8,
  checkpoint: isTexts,
  engine: isEngine,
});
export const readAggregationReceipt = reader<AggregationReceipt>('essaim/aggregation/1', {
  programId: isHash,
  claims: isClaims,
  checkpoint: isTexts,
  engine: isEngine,
});
