import { EssaimError } from '@essaim/protocol';
import { isNumerics, type NumericsManifest } from './numerics.ts';

/** What a model's on-chain digest names. */
export interface ModelManifest {
  kind: 'essaim/model/1';
  name: string;
  description: string;
  licence: string;
  /** CID of the ONNX file; compiling it must give the programId. */
  onnx: string;
  programId: string;
  /** Of its float32 arithmetic; missing where nothing was said. */
  numerics?: NumericsManifest;
}

/** What a job's `inputs` digest names: for each claim, the CID of each input's bytes (row-major, little-endian). */
export interface InputsManifest {
  kind: 'essaim/inputs/1';
  claims: string[][];
}

/** One claim of a receipt. */
export interface ClaimReceipt {
  inputsRoot: string;
  traceRoot: string;
  /** The value roots below traceRoot, concatenated: 32 bytes each, zeros where a value is inner to its segment. */
  values: Uint8Array;
  /** CIDs of the outputs' bytes, in the program's order. */
  outputs: string[];
  /** CID of all boundary values' committed bytes, concatenated in value order; null where the trace is served on demand only. */
  trace: string | null;
}

/** What a submission's receipt digest names. */
export interface Receipt {
  kind: 'essaim/receipt/1';
  programId: string;
  claims: ClaimReceipt[];
  /** Device and settings, for the record. */
  engine: Record<string, string>;
}

/** What an executor's answer for a segment may name. */
export interface SegmentManifest {
  kind: 'essaim/segment/1';
  /** CID of the committed bytes of its inner values, concatenated in value order. */
  values: string;
}

type Fields<T> = { [K in keyof T]-?: (value: unknown) => boolean };

/** What fields of manifests are checked by. */
export const isText = (value: unknown): boolean => typeof value === 'string';
export const isHash = (value: unknown): boolean => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value);
export const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
export const isListOf = (item: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(item);
const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);
export const hasFields =
  <T>(fields: Fields<T>) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, is]) =>
      (is as (v: unknown) => boolean)((value as Record<string, unknown>)[name]),
    );

/** A function that returns a manifest if it is well-formed, else throws MANIFEST_INVALID. */
export function reader<T extends { kind: string }>(kind: T['kind'], fields: Omit<Fields<T>, 'kind'>) {
  const matches = hasFields<Omit<T, 'kind'>>(fields as Fields<Omit<T, 'kind'>>);
  return (value: unknown): T => {
    if (!matches(value) || (value as T).kind !== kind) {
      throw new EssaimError('MANIFEST_INVALID', `this manifest is not a well-formed ${kind}`, {
        help: 'whoever published it must publish it again; nothing of it was used',
      });
    }
    return value as T;
  };
}

/** Each of these returns the manifest if it is well-formed, else throws MANIFEST_INVALID. */
export const readModelManifest = reader<ModelManifest>('essaim/model/1', {
  name: isText,
  description: isText,
  licence: isText,
  onnx: isText,
  programId: isHash,
  numerics: (value) => value === undefined || isNumerics(value),
});
export const readInputsManifest = reader<InputsManifest>('essaim/inputs/1', { claims: isListOf(isTexts) });
export const readSegmentManifest = reader<SegmentManifest>('essaim/segment/1', { values: isText });
export const readReceipt = reader<Receipt>('essaim/receipt/1', {
  programId: isHash,
  engine: isRecord,
  claims: isListOf(
    hasFields<ClaimReceipt>({
      inputsRoot: isHash,
      traceRoot: isHash,
      values: (value) => value instanceof Uint8Array && value.length % 32 === 0,
      outputs: isTexts,
      trace: (value) => value === null || isText(value),
    }),
  ),
});
