import {
  type Drift,
  numericsReport,
  type Outcome,
  type Precision,
  type Program,
  type ProgramDrift,
} from '@essaim/protocol';

/** What a publisher says of a program's float32 arithmetic; docs/numerics.md tells what it means. Nothing enforces it. */
export interface NumericsManifest {
  /** How far outputs can be moved within what judges permit, on reference inputs; null: not measured. */
  drift: ProgramDrift | null;
  /** What becomes of a provider that runs one product, and only that one, with cheaper weights. */
  products: { op: number; terms: number; outcomes: Record<Precision, Outcome> }[];
}

/** What a manifest says of a program, `drift` being what its publisher measured: outputs without a bound are left out. */
export function describeNumerics(program: Program, drift: ProgramDrift | null): NumericsManifest {
  const products = numericsReport(program).map(({ op, terms, substitution }) => {
    const outcomes = Object.entries(substitution).map(([precision, { outcome }]) => [precision, outcome]);
    return { op, terms, outcomes: Object.fromEntries(outcomes) as Record<Precision, Outcome> };
  });
  const bounded = ([, band]: [string, Drift]): boolean => isBand(band);
  const known = drift && { ...drift, outputs: Object.fromEntries(Object.entries(drift.outputs).filter(bounded)) };
  return { drift: known, products };
}

/**
 * How far an executor can move an element of a program's output: not at all where all of it is exact; null where nobody
 * knows, or where a node that jumps may hide more.
 */
export function driftOfOutput(program: Program, name: string, numerics: NumericsManifest | undefined): Drift | null {
  if (program.exact) return { sharp: 0, contract: 0 };
  const drift = numerics?.drift;
  return drift && drift.jumping.length === 0 && Object.hasOwn(drift.outputs, name) ? drift.outputs[name] : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSize = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;
const isBand = (value: unknown): boolean => isObject(value) && isSize(value.sharp) && isSize(value.contract);
const isDrift = (value: unknown): boolean =>
  isObject(value) &&
  isObject(value.outputs) &&
  Object.values(value.outputs).every(isBand) &&
  Array.isArray(value.jumping) &&
  value.jumping.every((node) => typeof node === 'string');
const isProduct = (value: unknown): boolean =>
  isObject(value) &&
  isSize(value.op) &&
  isSize(value.terms) &&
  isObject(value.outcomes) &&
  Object.values(value.outcomes).every((outcome) => ['convicted', 'void', 'unseen'].includes(outcome as string));

/** Whether a manifest's numerics are well-formed. */
export const isNumerics = (value: unknown): boolean =>
  isObject(value) &&
  (value.drift === null || isDrift(value.drift)) &&
  Array.isArray(value.products) &&
  value.products.every(isProduct);
