import { random } from '../../../test/random.ts';
import { OnnxBuilder } from '../../src/index.ts';

/** A model too large for one operator a segment, and row-major input bytes for it. */
export interface Network {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
}

type Next = () => number;
const floats = (count: number, next: Next, scale: number) =>
  Float32Array.from({ length: count }, () => (next() * 2 - 1) * scale);
const whole = (count: number, next: Next, most: number) =>
  Float32Array.from({ length: count }, () => Math.floor(next() * (2 * most + 1)) - most);
const raw = (data: Float32Array): Uint8Array => new Uint8Array(data.buffer);

/** Gemm and Relu in turn, too often for one segment. */
function perceptron(next: Next): Network {
  const widths = [96, ...Array<number>(13).fill(128), 10];
  const b = new OnnxBuilder();
  let x = b.input('x', 'float32', [32, widths[0]]);
  for (const [i, n] of widths.slice(1).entries()) {
    const w = b.floats([widths[i], n], floats(widths[i] * n, next, 2 / Math.sqrt(widths[i])));
    x = b.node('Gemm', [x, w, b.floats([n], floats(n, next, 0.1))]);
    if (i < widths.length - 2) x = b.node('Relu', [x]);
  }
  b.output(x);
  return { name: 'a perceptron', onnx: b.bytes(), inputs: [raw(floats(32 * widths[0], next, 1))] };
}

/** Branches of two products added to what they branched from, without width: what attack C2 is about. */
function residual(next: Next): Network {
  const width = 96;
  const b = new OnnxBuilder();
  const weight = () => b.floats([width, width], floats(width * width, next, 1.5 / Math.sqrt(width)));
  let h = b.input('x', 'float32', [32, width]);
  for (let i = 0; i < 7; i++) {
    const inner = b.node('Relu', [b.node('MatMul', [h, weight()])]);
    const branch = b.node('MatMul', [inner, weight()]);
    h = b.node('Add', [h, branch]);
  }
  b.output(b.node('ArgMax', [h], { attributes: { axis: 1, keepdims: 0 } }));
  return { name: 'a residual network', onnx: b.bytes(), inputs: [raw(floats(32 * width, next, 1))] };
}

/** Convolutions in channels-last order beside operators that want rows. */
function convolutional(next: Next): Network {
  const b = new OnnxBuilder();
  const weight = (...dims: number[]) => {
    const count = dims.reduce((x, y) => x * y, 1);
    return b.floats(dims, floats(count, next, 2 / Math.sqrt(count / dims[0])));
  };
  const x = b.input('x', 'float32', [4, 3, 16, 16]);
  const same = { attributes: { pads: [1, 1, 1, 1] } };
  const relu = b.node('Relu', [b.node('Conv', [x, weight(8, 3, 3, 3), weight(8)], same)]);
  const sum = b.node('Add', [relu, b.node('Conv', [relu, weight(8, 8, 3, 3)], same)]);
  const pooled = b.node('MaxPool', [sum], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const rows = b.node('Reshape', [pooled, b.ints([2], [32, 64])]);
  const square = b.node('MatMul', [rows, b.node('Transpose', [rows])]);
  b.output(b.node('Gemm', [b.node('Flatten', [square]), weight(32, 10), weight(10)]));
  b.output(sum);
  return { name: 'a convolutional network', onnx: b.bytes(), inputs: [raw(floats(4 * 3 * 256, next, 1))] };
}

/** Integers carried in floats: every device makes the same of it. */
function exact(next: Next): Network {
  const b = new OnnxBuilder();
  let x = b.input('x', 'float32', [64, 64], { low: 0, high: 15, step: 1 });
  for (let i = 0; i < 3; i++) {
    const y = b.node('MatMul', [x, b.floats([64, 64], whole(64 * 64, next, 7))]);
    const scaled = b.node('Mul', [y, b.floats([], [2 ** -7])]);
    x = b.node('Clip', [b.node('Floor', [scaled]), b.floats([], [0]), b.floats([], [15])]);
  }
  b.output(x);
  const scans = Float32Array.from({ length: 64 * 64 }, () => Math.floor(next() * 16));
  return { name: 'an exact network', onnx: b.bytes(), inputs: [raw(scans)] };
}

/** Networks of every kind that the cut treats differently. */
export const networks = (seed = 5): Network[] =>
  [perceptron, residual, convolutional, exact].map((build) => build(random(seed)));
