import { ACTIVATION } from './activation.ts';
import { DOT } from './dot.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { FOLDED } from './folded.ts';
import { MOVE } from './move.ts';
import { NORMALIZATION } from './normalization.ts';
import { ORDER } from './order.ts';
import { QUANTISE } from './quantise.ts';
import { REDUCE } from './reduce.ts';
import type { Folding, OperatorSpec } from './spec.ts';
import { SUM } from './sum.ts';

const SPECS: Readonly<Record<string, OperatorSpec>> = {
  ...MOVE,
  ...ELEMENTWISE,
  ...ORDER,
  ...REDUCE,
  ...SUM,
  ...DOT,
  ...QUANTISE,
  ...ACTIVATION,
  ...NORMALIZATION,
};

/** Names of the ONNX operators that can be compiled. */
export const OPERATOR_NAMES: readonly string[] = [...Object.keys(SPECS), ...Object.keys(FOLDED)].sort();

/** The versions of every operator that can be compiled. */
export const OPERATOR_VERSIONS: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  [SPECS, FOLDED].flatMap((specs) => Object.entries(specs)).map(([name, { versions }]) => [name, versions]),
);

/** Operators whose results differ between devices, within bounds. */
export const isTranscendental = (type: string): boolean =>
  Object.hasOwn(ACTIVATION, type) || Object.hasOwn(NORMALIZATION, type);

export const LEAST_OPSET = 13;
/** Its newer versions of operators only add element types, so that a node is one of the version judged. */
export const GREATEST_OPSET = 26;

/** The operator and the version of it that is in force in an operator set. */
export function resolve(type: string, opset: number): { spec: OperatorSpec; since: number } | undefined {
  return inForce(SPECS, type, opset);
}

/** The same for operators that become constants. */
export function resolveFolding(type: string, opset: number): { spec: Folding; since: number } | undefined {
  return inForce(FOLDED, type, opset);
}

function inForce<T extends { readonly versions: readonly number[] }>(
  specs: Readonly<Record<string, T>>,
  type: string,
  opset: number,
): { spec: T; since: number } | undefined {
  const spec = Object.hasOwn(specs, type) ? specs[type] : undefined;
  const since = spec?.versions.findLast((version) => version <= opset);
  return spec && since !== undefined ? { spec, since } : undefined;
}
