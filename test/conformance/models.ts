import { OnnxBuilder } from '@essaim/protocol';
import { BASIC } from './basic-nodes.ts';
import { MOVES } from './move-nodes.ts';
import { ANY, type Case, fill, type Next, nodeCase, raw } from './node-case.ts';
import { QUANTISED } from './quantised-nodes.ts';
import { ROWS } from './row-nodes.ts';

export const NODES = [...BASIC, ...MOVES, ...ROWS, ...QUANTISED];

/** One model for every operator and form that compiles. */
export const nodeCases = (next: Next): Case[] => NODES.map((node) => nodeCase(node, next));

/** A float network whose tensors are wanted in several layouts at once. */
export function mixedLayouts(next: Next): Case {
  const b = new OnnxBuilder();
  const weight = (name: string, dims: readonly number[]) =>
    b.initializer(name, 'float32', dims, fill('float32', dims, next));
  const x = b.input('x', 'float32', [1, 3, 8, 8], ANY);
  const first = b.node('Conv', [x, weight('w1', [4, 3, 3, 3]), weight('b1', [4])], {
    attributes: { pads: [1, 1, 1, 1] },
  });
  const relu = b.node('Relu', [first]);
  const second = b.node('Conv', [relu, weight('w2', [4, 4, 1, 1])]);
  const sum = b.node('Add', [relu, second]);
  const pooled = b.node('MaxPool', [sum], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const rows = b.node('Reshape', [pooled, b.ints([2], [4, 16])]);
  const square = b.node('MatMul', [rows, b.node('Transpose', [rows])]);
  const twice = b.node('MatMul', [square, square]);
  const flat = b.node('Flatten', [twice]);
  b.output(
    b.node('Gemm', [flat, weight('w3', [5, 4]), weight('b3', [5])], { attributes: { transB: 1 }, outputs: ['y'] }),
  );
  b.output(b.node('ArgMax', ['y'], { attributes: { axis: 1, keepdims: 0 }, outputs: ['best'] }));
  b.output(relu);
  return { name: 'a network with mixed layouts', onnx: b.bytes(), inputs: [raw(fill('float32', [1, 3, 8, 8], next))] };
}
