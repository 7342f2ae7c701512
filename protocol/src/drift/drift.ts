import { tensorsOf } from '../faults/fault-proof.ts';
import type { Execution } from '../program/execution.ts';
import { elementCount } from '../program/types.ts';
import { linearElements } from './elements.ts';
import type { Linear } from './linear.ts';
import { linearProduct } from './products.ts';

/** What the first order leaves out: an operator's slope changes a little within the intervals. */
const HEADROOM = 1.1;

/** How far a number made of an execution's values can move, in both tiers, if all intervals are used up for it. */
export interface Drift {
  readonly sharp: number;
  readonly contract: number;
}

/** One execution, and how each of its elements moves with those before it. */
export class Linearised {
  readonly execution: Execution;
  /** Nodes whose result jumps, on operands that are not the same on every device: nothing bounds what follows them. */
  readonly jumping: readonly string[];
  readonly #operators: readonly Linear[];

  /** Throws `DRIFT_UNKNOWN` for an operator whose slope is not known. */
  constructor(execution: Execution) {
    this.execution = execution;
    const { program } = execution;
    const tensorOf = tensorsOf(execution);
    this.#operators = program.operators.map((op, number) => {
      if (!['MatMul', 'Gemm', 'Conv'].includes(op.name) || op.outputTypes[0].dtype !== 'float32') {
        return linearElements(program, op, tensorOf);
      }
      const operands = op.inputs.map(({ kind, index }) =>
        kind === 'none' ? null : floats(tensorOf(kind, index).bytes),
      );
      return linearProduct(op, operands, program.exactOperators[number]);
    });
    const jumping = program.operators.filter(
      (_, number) => this.#operators[number].jumps && !program.exactOperators[number],
    );
    this.jumping = jumping.map(({ node }) => node);
  }

  /**
   * How a weighted sum of one value's elements (physical order) moves with every element of every value: one array a
   * value, by number.
   */
  sensitivities(value: number, weights: ReadonlyMap<number, number>): readonly Float64Array[] {
    const { program } = this.execution;
    const all = program.values.map(({ type }) => new Float64Array(elementCount(type)));
    for (const [element, weight] of weights) all[value][element] = weight;
    for (let number = program.operators.length - 1; number >= 0; number--) {
      const op = program.operators[number];
      if (all[op.firstValue].every((s) => s === 0)) continue;
      this.#operators[number].pull(all[op.firstValue], (slot) => {
        const { kind, index } = op.inputs[slot];
        return kind === 'value' ? all[index] : null;
      });
    }
    return all;
  }

  /** How far a weighted sum of a value's elements can be moved, to first order and with some room. */
  drift(value: number, weights: ReadonlyMap<number, number>): Drift {
    const sensitivities = this.sensitivities(value, weights);
    let [sharp, contract] = [0, 0];
    for (const [number, op] of this.execution.program.operators.entries()) {
      for (const [element, s] of sensitivities[op.firstValue].entries()) {
        if (s === 0) continue;
        sharp += Math.abs(s) * this.#operators[number].sharp[element];
        contract += Math.abs(s) * this.#operators[number].contract[element];
      }
    }
    return { sharp: HEADROOM * sharp, contract: HEADROOM * contract };
  }
}

/** Most elements of an output that are looked at. */
const SAMPLE = 32;

/** The drift of a program: of each of its outputs, by name, how far an element of it can be moved. */
export interface ProgramDrift {
  readonly outputs: Readonly<Record<string, Drift>>;
  /** Nodes that jump; where there are any, a drift holds only as long as none of them does. */
  readonly jumping: readonly string[];
}

/**
 * Estimates how far an executor that pushes every element the same way, within what judges permit, can move the float
 * outputs: the largest over the reference executions and up to 32 elements of each output. A decision between two
 * elements whose margin is below twice that is undecided. Throws `DRIFT_UNKNOWN` for an operator without a known slope.
 */
export function driftOf(executions: readonly Execution[]): ProgramDrift {
  const outputs: Record<string, Drift> = {};
  const jumping = new Set<string>();
  for (const execution of executions) {
    const linearised = new Linearised(execution);
    for (const node of linearised.jumping) jumping.add(node);
    for (const { name, value } of execution.program.outputs) {
      const { type } = execution.program.values[value];
      if (type.dtype !== 'float32') continue;
      const count = elementCount(type);
      const sample = Math.min(count, SAMPLE);
      for (let i = 0; i < sample; i++) {
        const { sharp, contract } = linearised.drift(value, new Map([[Math.floor((i * count) / sample), 1]]));
        const known = outputs[name] ?? { sharp: 0, contract: 0 };
        outputs[name] = { sharp: Math.max(known.sharp, sharp), contract: Math.max(known.contract, contract) };
      }
    }
  }
  return { outputs, jumping: [...jumping] };
}

function floats(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
