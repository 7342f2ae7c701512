import { elementBits, elementValue } from '../commitments/program.ts';
import type { DType } from '../program/types.ts';
import { edgesOf, type Interval } from './edges.ts';
import { numberOf } from './elements.ts';
import type { Permitted } from './judge.ts';

/** Where an element may lie, as numbers, for drawing. */
export interface PermittedRange {
  /** Paid within `sharp`; void between it and `contract`; convicted outside. */
  readonly sharp: Interval;
  readonly contract: Interval;
  /**
   * Units in the last place from the claimed element to the nearest end of `contract`, 0 inside: representable numbers
   * on the way for floats, the difference for integers. Null where the claimed element is no number.
   */
  readonly distance: bigint | null;
}

const NUMBER = /-?(?:Infinity|\d+(?:\.\d+)?(?:e[+-]?\d+)?)/g;

/** Floats in ascending order as integers; both zeros are 0. */
const keyOf = (bits: bigint): bigint => (bits >> 31n === 0n ? bits : -(bits & 0x7fffffffn));

const isPermitted = (permitted: Permitted, bits: bigint): boolean => {
  try {
    return permitted.verdict(bits) !== 'convicted';
  } catch {
    return false;
  }
};

/**
 * The range that a judge permits, found by asking it: its words give the places to start from, its verdicts everything
 * else. Null where it permits anything, or nothing that is a finite number.
 */
export function permittedRange(permitted: Permitted, dtype: DType, claimed: bigint): PermittedRange | null {
  const words = permitted.describe();
  if (words.startsWith('anything')) return null;
  const said = (words.match(NUMBER) ?? []).map(Number).filter(Number.isFinite);
  if (dtype === 'bool') said.push(...['false', 'true'].map((word, i) => (words.includes(word) ? i : Number.NaN)));
  const places = said.filter((number) => !Number.isNaN(number));
  if (places.length === 0) return null;
  return dtype === 'float32' ? floats(permitted, places, claimed) : integers(permitted, dtype, places, claimed);
}

function floats(permitted: Permitted, said: readonly number[], claimed: bigint): PermittedRange | null {
  const middle = (Math.min(...said) + Math.max(...said)) / 2;
  const starts = [middle, ...said].map((number) => elementBits('float32', number));
  const start = starts.flatMap((bits) => [bits, bits + 1n, bits - 1n]).find((bits) => isPermitted(permitted, bits));
  const edges = start === undefined ? null : edgesOf(permitted, start);
  if (!edges) return null;
  const here = elementValue('float32', claimed);
  const [low, high] = edges.contract.map((edge) => keyOf(elementBits('float32', edge)));
  const at = keyOf(claimed);
  const distance = at < low ? low - at : at > high ? at - high : 0n;
  return { ...edges, distance: Number.isFinite(here) ? distance : null };
}

function integers(permitted: Permitted, dtype: DType, said: readonly number[], claimed: bigint): PermittedRange | null {
  const good = said.filter((number) => isPermitted(permitted, elementBits(dtype, number)));
  if (good.length === 0) return null;
  const interval: Interval = [Math.min(...good), Math.max(...good)];
  const [low, high] = interval.map((edge) => numberOf(elementBits(dtype, edge), dtype));
  const at = numberOf(claimed, dtype);
  const distance = at < low ? low - at : at > high ? at - high : 0n;
  return { sharp: interval, contract: interval, distance };
}
