import { DTYPES, type DType } from '@essaim/protocol';

/** Elements of a type in the order of the numbers they stand for: the element `steps` after `bits`, or null beyond. */
function after(dtype: DType, bits: bigint, steps: bigint): bigint | null {
  if (steps === 0n) return bits;
  const size = 8 * DTYPES[dtype].size;
  const half = 1n << BigInt(size - 1);
  if (dtype === 'bool') return steps === 1n || steps === -1n ? bits ^ 1n : null;
  if (dtype === 'float32') {
    const order = (bits & half ? -1n - (bits & (half - 1n)) : bits) + steps;
    if (order > 0x7f7fffffn || order < -0x7f7fffffn - 1n) return null;
    return order < 0n ? half + (-1n - order) : order;
  }
  const signed = dtype.startsWith('int');
  const value = (signed ? BigInt.asIntN(size, bits) : bits) + steps;
  const fits = signed ? value >= -half && value < half : value >= 0n && value < 2n * half;
  return fits ? BigInt.asUintN(size, value) : null;
}

/**
 * The element next to `bits`, upwards or downwards, that `allowed` refuses, and the last one before it; null if it
 * allows all of them. What is allowed must be an interval.
 */
export function edge(
  dtype: DType,
  bits: bigint,
  up: boolean,
  allowed: (bits: bigint) => boolean,
): { inside: bigint; beyond: bigint } | null {
  const at = (steps: bigint) => after(dtype, bits, up ? steps : -steps);
  let inside = 0n;
  let beyond = 1n;
  for (let element = at(beyond); element === null || allowed(element); element = at(beyond)) {
    if (element === null) return null;
    inside = beyond;
    beyond *= 2n;
  }
  while (beyond - inside > 1n) {
    const middle = (inside + beyond) / 2n;
    if (allowed(at(middle)!)) inside = middle;
    else beyond = middle;
  }
  return { inside: at(inside)!, beyond: at(beyond)! };
}
