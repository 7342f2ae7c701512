import { compile, OnnxBuilder, type Program } from '@essaim/protocol';

/** Rows of a step's batch, and numbers of a row. */
export const BATCH = 2;
export const WIDTH = 2;
/** Tensors of a checkpoint: weights and bias. */
export const TENSORS = 2;

/** A program with its ONNX bytes. */
export interface Compiled {
  readonly onnx: Uint8Array;
  readonly program: Program;
}

const compiled = (b: OnnxBuilder): Compiled => {
  const onnx = b.bytes();
  return { onnx, program: compile(onnx) };
};

/** Gradient descent on a linear model: weights, bias, rate ‖ x, y → weights, bias ‖ loss. */
export function stepProgram(): Compiled {
  const b = new OnnxBuilder();
  const weights = b.input('weights', 'float32', [WIDTH, 1]);
  const bias = b.input('bias', 'float32', [1]);
  const rate = b.input('schedule', 'float32', [1]);
  const x = b.input('x', 'float32', [BATCH, WIDTH]);
  const y = b.input('y', 'float32', [BATCH, 1]);
  const error = b.node('Sub', [b.node('Add', [b.node('MatMul', [x, weights]), bias]), y]);
  const gradient = b.node('MatMul', [b.node('Transpose', [x], { attributes: { perm: [1, 0] } }), error]);
  const sum = (value: string, axes: number[]) =>
    b.node('ReduceSum', [value, b.ints([axes.length], axes)], { attributes: { keepdims: 0 } });
  b.output(b.node('Sub', [weights, b.node('Mul', [gradient, rate])]));
  b.output(b.node('Sub', [bias, b.node('Mul', [sum(error, [0]), rate])]));
  b.output(sum(b.node('Mul', [error, error]), [0, 1]));
  return compiled(b);
}

/** Squared error of a linear model: weights, bias ‖ x, y → loss. */
export function scoreProgram(): Compiled {
  const b = new OnnxBuilder();
  const weights = b.input('weights', 'float32', [WIDTH, 1]);
  const bias = b.input('bias', 'float32', [1]);
  const x = b.input('x', 'float32', [BATCH, WIDTH]);
  const y = b.input('y', 'float32', [BATCH, 1]);
  const error = b.node('Sub', [b.node('Add', [b.node('MatMul', [x, weights]), bias]), y]);
  const squares = b.node('Mul', [error, error]);
  b.output(b.node('ReduceSum', [squares, b.ints([2], [0, 1])], { attributes: { keepdims: 0 } }));
  return compiled(b);
}

/** average + share × (update − base), for both tensors, and the squared norm of what was added. */
export function aggregationProgram(width = WIDTH, shares: number[] = []): Compiled {
  const b = new OnnxBuilder();
  const group = (name: string) => [
    b.input(`${name}.weights`, 'float32', [width, 1]),
    b.input(`${name}.bias`, 'float32', [1]),
  ];
  const [averages, bases, updates] = ['average', 'base', 'update'].map(group);
  const share = b.input('share', 'float32', shares);
  const change = updates.map((update, i) => b.node('Sub', [update, averages[i]]));
  for (const [i, average] of averages.entries()) b.output(b.node('Add', [average, b.node('Mul', [change[i], share])]));
  const moved = b.node('Sub', [updates[0], bases[0]]);
  const squares = b.node('Mul', [moved, moved]);
  b.output(b.node('ReduceSum', [squares, b.ints([2], [0, 1])], { attributes: { keepdims: 0 } }));
  return compiled(b);
}
