import type { Hash } from '../commitments/bytes.ts';
import { ListTree } from '../commitments/list.ts';
import { encodeOperator, operatorLeaf } from '../commitments/operator.ts';
import {
  encodeInterface,
  interfaceHash,
  type ProgramHeader,
  programId,
  type Segment,
  segmentLeaf,
} from '../commitments/program.ts';
import type { ProgramTrees } from '../faults/parts.ts';
import type { ProgramValue } from './emit.ts';
import type { Bounds } from './ranges/bounds.ts';
import type { InputRange, Operator, TensorType } from './types.ts';
import type { Weight } from './weights.ts';

export const COMPILER_VERSION = 3;
/** float32 under the kernel contract of docs/numerics.md. */
export const NUMERICS = 1;

export interface ProgramInput {
  readonly name: string;
  readonly type: TensorType;
  readonly range: InputRange;
}
export interface ProgramOutput {
  readonly name: string;
  /** Global value number. */
  readonly value: number;
}

/** A compiled model: what a programId commits to, with the trees that open it. */
export interface Program {
  readonly id: Hash;
  readonly header: ProgramHeader;
  readonly interfaceBytes: Uint8Array;
  readonly operators: readonly Operator[];
  readonly weights: readonly Weight[];
  readonly inputs: readonly ProgramInput[];
  readonly outputs: readonly ProgramOutput[];
  /** Every value by its global number. */
  readonly values: readonly ProgramValue[];
  readonly segments: readonly Segment[];
  /** For each value, whether the trace commits to it. */
  readonly boundary: readonly boolean[];
  readonly trees: ProgramTrees;
  readonly numerics: number;
  /** Whether every operator's result is proven to be the same on every device, and for each operator. */
  readonly exact: boolean;
  readonly exactOperators: readonly boolean[];
  /** What is proven of the elements of each value when the inputs keep their ranges; null: nothing. */
  readonly bounds: readonly (Bounds | null)[];
}

export type ProgramParts = Pick<
  Program,
  'operators' | 'segments' | 'weights' | 'inputs' | 'outputs' | 'values' | 'exactOperators' | 'bounds'
>;

/** Commits to the parts of a program. */
export function commitProgram(parts: ProgramParts): Program {
  const { operators, weights, inputs, outputs, values } = parts;
  const bodies = operators.map(encodeOperator);
  const ops = new ListTree(bodies.map(operatorLeaf));
  const weightTree = new ListTree(weights.map(({ root }) => root));
  const segments = new ListTree(parts.segments.map(segmentLeaf));
  const interfaceBytes = encodeInterface({ inputs, outputs: outputs.map(({ value }) => value) });
  const header: ProgramHeader = {
    compilerVersion: COMPILER_VERSION,
    opsRoot: ops.root,
    opCount: operators.length,
    valueCount: values.length,
    weightsRoot: weightTree.root,
    weightCount: weights.length,
    inputCount: inputs.length,
    segmentsRoot: segments.root,
    segmentCount: segments.count,
    interfaceHash: interfaceHash(interfaceBytes),
    numerics: NUMERICS,
  };
  return {
    ...parts,
    id: programId(header),
    header,
    interfaceBytes,
    boundary: operators.flatMap((op) => op.outputTypes.map((_, i) => Math.floor(op.boundary / 2 ** i) % 2 === 1)),
    trees: { header, bodies, ops, weights: weightTree, segments },
    numerics: NUMERICS,
    exact: parts.exactOperators.every((exact) => exact),
  };
}
