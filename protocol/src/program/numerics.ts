import { dotTerms } from '../judges/dot.ts';
import { dotFactors, longestChain } from '../judges/dot-chain.ts';
import { PRECISIONS, type Precision } from './precisions.ts';
import type { Program } from './program.ts';
import { elementCount, type Operator } from './types.ts';

/** What becomes of a provider that runs one operator, and only that one, with weights of a cheaper format. */
export type Outcome = 'convicted' | 'void' | 'unseen';

/** The numerics of one float product of a program. */
export interface ProductNumerics {
  /** Operator's number. */
  readonly op: number;
  readonly node: string;
  readonly terms: number;
  /** Factors c of both tiers, in 2^-24 of the sum of magnitudes. */
  readonly sharp: number;
  readonly contract: number;
  readonly substitution: Readonly<Record<Precision, { readonly largest: number; readonly outcome: Outcome }>>;
}

/** How far beyond a bound the largest error must be expected before the bound counts as passed. */
const MARGIN = 1.25;
/** Rows of a weight that are looked at. */
const SAMPLE = 256;
/** Mean magnitude of a normal number over its deviation. */
const MEAN = Math.sqrt(2 / Math.PI);

const ROUNDINGS = Object.keys(PRECISIONS) as Precision[];

/**
 * For every float product: the intervals' factors, and the largest error to expect, over all elements of its value and
 * as a factor c, if its weights alone were rounded to fp16, bf16 or TF32 and the other operand is normally distributed.
 * Products of two computed tensors count as if one of them were rounded.
 */
export function numericsReport(program: Pick<Program, 'operators' | 'weights' | 'exactOperators'>): ProductNumerics[] {
  return program.operators.flatMap((op, number) => {
    const float = op.inputTypes[0]?.dtype === 'float32';
    if (!float || !['MatMul', 'Gemm', 'Conv'].includes(op.name) || program.exactOperators[number]) return [];
    const terms = dotTerms(op);
    const { sharp, contract } = dotFactors(terms, longestChain(op));
    const spread = Math.sqrt(2 * Math.log(Math.max(2, elementCount(op.outputTypes[0]))));
    const outcomes = ROUNDINGS.map((precision) => {
      const largest = spread * deviation(program, op, precision);
      const beyond = (bound: number): boolean => largest >= MARGIN * bound;
      const outcome: Outcome = beyond(contract) ? 'convicted' : beyond(sharp) ? 'void' : 'unseen';
      return [precision, { largest, outcome }] as const;
    });
    const substitution = Object.fromEntries(outcomes) as ProductNumerics['substitution'];
    return [{ op: number, node: op.node, terms, sharp, contract, substitution }];
  });
}

/** Deviation of an element's error over the sum of its magnitudes, in 2^-24. */
function deviation({ weights }: Pick<Program, 'weights'>, op: Operator, precision: Precision): number {
  const slot = [1, 0].find((candidate) => op.inputs[candidate].kind === 'weight');
  const terms = dotTerms(op) - (op.inputTypes[2] ? 1 : 0);
  const numbers = slot === undefined ? grid(terms) : floatsOf(weights[op.inputs[slot].index].bytes);
  const rows = Math.floor(numbers.length / terms);
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  const round = PRECISIONS[precision];
  let [squares, sampled] = [0, 0];
  for (let row = 0; row < rows; row += step) {
    let [error, size] = [0, 0];
    for (const w of numbers.subarray(row * terms, (row + 1) * terms)) {
      error += (round(w) - w) ** 2;
      size += Math.abs(w);
    }
    if (size > 0 && Number.isFinite(error)) squares += error / (MEAN * size) ** 2;
    sampled++;
  }
  return sampled === 0 ? 0 : Math.sqrt(squares / sampled) * 2 ** 24;
}

/** Stands for a computed operand: quantiles of a normal distribution, near enough. */
const grid = (terms: number): Float32Array =>
  Float32Array.from({ length: terms }, (_, i) => {
    const p = (i + 0.5) / terms;
    return Math.log(p / (1 - p)) / 1.702;
  });

function floatsOf(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
