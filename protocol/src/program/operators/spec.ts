import type { NodeView } from '../node-view.ts';
import type { DType } from '../types.ts';

/** A tensor as ONNX sees it: no layout. */
export interface Shape {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** A node in the form in which it becomes an operator. */
export interface Lowered {
  /** Which of the node's inputs stay operands, in order; the others are folded into attributes and types. */
  readonly operands: readonly number[];
  /** Attribute words, see docs/operators.md. */
  readonly attributes: readonly (number | bigint)[];
  readonly output: Shape;
  /** The layout that the judge requires of each operand; undefined: any. */
  readonly layouts?: readonly (number | undefined)[];
}

/** One ONNX operator: the versions in which it appeared or changed, and how a node of it is lowered. */
export interface OperatorSpec {
  readonly versions: readonly number[];
  lower(node: NodeView): Lowered;
}
