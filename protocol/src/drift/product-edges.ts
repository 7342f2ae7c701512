import { dotTerms } from '../judges/dot.ts';
import { dotFactors, longestChain } from '../judges/dot-chain.ts';
import type { Edges } from '../judges/edges.ts';
import { elementCount, type Operator } from '../program/types.ts';
import { biasOf, type Run, runsOf } from './products.ts';

/** Whether an operator is a float product. */
export const isProduct = ({ name, outputTypes }: Operator): boolean =>
  ['MatMul', 'Gemm', 'Conv'].includes(name) && outputTypes[0].dtype === 'float32';

/** A hair of the interval is left unused, for what float64 rounds. */
const INSIDE = 1 - 2 ** -20;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The float32 next to a number, not beyond it in the direction away from the middle. */
function inward(edge: number, middle: number): number {
  float[0] = edge;
  if (edge > middle ? float[0] > edge : float[0] < edge) bits[0] += float[0] > 0 === edge > middle ? -1 : 1;
  return float[0];
}

/** Edges of the intervals of a float product's elements, in float64: thousands a second, where a judge does hundreds. */
export class ProductEdges {
  readonly #runs: readonly (readonly Run[])[];
  readonly #biases: readonly (number | undefined)[];
  readonly #factors: { readonly sharp: number; readonly contract: number };

  constructor(op: Operator) {
    const elements = Array.from({ length: elementCount(op.outputTypes[0]) }, (_, element) => element);
    this.#runs = elements.map((element) => runsOf(op, element));
    this.#biases = elements.map((element) => biasOf(op, element));
    this.#factors = dotFactors(dotTerms(op), longestChain(op));
  }

  /** The edges of any element, on these operands (committed bytes by slot). */
  on(operands: readonly (Uint8Array | null)[]): (element: number) => Edges {
    const [a, b, c] = operands.map((bytes) => bytes && new Float32Array(bytes.slice().buffer));
    return (element) => {
      const bias = this.#biases[element];
      let sum = bias === undefined ? 0 : c![bias];
      let size = Math.abs(sum);
      for (const run of this.#runs[element]) {
        for (let i = 0; i < run.length; i++) {
          const term = a![run.a + i] * b![run.b + i];
          sum += term;
          size += Math.abs(term);
        }
      }
      const interval = (factor: number) => {
        const half = factor * size * 2 ** -24 * INSIDE;
        return [inward(sum - half, sum), inward(sum + half, sum)] as const;
      };
      return { sharp: interval(this.#factors.sharp), contract: interval(this.#factors.contract) };
    };
  }
}
