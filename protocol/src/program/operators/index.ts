import { ACTIVATION } from './activation.ts';
import { DOT } from './dot.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { MOVE } from './move.ts';
import { NORMALIZATION } from './normalization.ts';
import { ORDER } from './order.ts';
import type { OperatorSpec } from './spec.ts';

const SPECS: Readonly<Record<string, OperatorSpec>> = {
  ...MOVE,
  ...ELEMENTWISE,
  ...ORDER,
  ...DOT,
  ...ACTIVATION,
  ...NORMALIZATION,
};

/** Names of the ONNX operators that can be compiled. */
export const OPERATOR_NAMES: readonly string[] = Object.keys(SPECS).sort();

/** Operators whose results differ between devices, within bounds. */
export const isTranscendental = (type: string): boolean =>
  Object.hasOwn(ACTIVATION, type) || Object.hasOwn(NORMALIZATION, type);

export const LEAST_OPSET = 13;
export const GREATEST_OPSET = 22;

/** The operator and the version of it that is in force in an operator set. */
export function resolve(type: string, opset: number): { spec: OperatorSpec; since: number } | undefined {
  const spec = Object.hasOwn(SPECS, type) ? SPECS[type] : undefined;
  const since = spec?.versions.findLast((version) => version <= opset);
  return spec && since !== undefined ? { spec, since } : undefined;
}
