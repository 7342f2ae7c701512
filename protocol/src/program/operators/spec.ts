import type { OnnxTensor } from '../../onnx/model.ts';
import type { NodeView } from '../node-view.ts';
import type { DType } from '../types.ts';

/** A tensor as ONNX sees it: no layout. */
export interface Shape {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** One result of a node in the form in which it becomes an operator. */
export interface Lowered {
  /** The operator that is judged where it is another than the node's own. */
  readonly as?: { readonly name: string; readonly since: number };
  /** Which of the node's inputs stay operands, in order; the others are folded. An output of the node stands apart. */
  readonly operands: readonly (number | { readonly output: number })[];
  /** Attribute words, see docs/operators.md. */
  readonly attributes: readonly (number | bigint)[];
  readonly output: Shape;
  /** Which of the node's outputs this is, the first by default. */
  readonly result?: number;
  /** The layout that the judge requires of each operand; undefined: any. */
  readonly layouts?: readonly (number | undefined)[];
}

/** One ONNX operator: the versions in which it appeared or changed, and how a node of it is lowered. */
export interface OperatorSpec {
  readonly versions: readonly number[];
  /** One operator for each result that is judged; outputs that none of them makes must be unused. */
  lower(node: NodeView): Lowered | readonly Lowered[];
}

/** An ONNX operator whose result follows from shapes and constants: it becomes a constant, and no operator. */
export interface Folding {
  readonly versions: readonly number[];
  fold(node: NodeView): Omit<OnnxTensor, 'name'>;
}
