import { GRID, type NodeCase } from './node-case.ts';

const scale = (...values: number[]) => ({ weight: values.length === 1 ? [] : [values.length], values });
const zero = (dtype: 'int8' | 'uint8' | 'int16' | 'uint16', ...values: number[]) => ({
  weight: values.length === 1 ? [] : [values.length],
  dtype,
  values,
});
const wide = { low: -20, high: 20, step: 0 };

/** Quantisation, and element-wise operators with parameters. */
export const QUANTISED: readonly NodeCase[] = [
  { type: 'QuantizeLinear', x: [3, 5], more: [scale(0.03), zero('uint8', 100)] },
  { type: 'QuantizeLinear', x: [3, 5], more: [scale(0.125), zero('int8', -3)], range: GRID },
  { type: 'QuantizeLinear', x: [3, 5], more: [scale(0.25)], range: wide },
  {
    type: 'QuantizeLinear',
    x: [2, 3, 2],
    more: [scale(0.1, 0.5, 0.02), zero('int8', 0, 5, -9)],
    attributes: { axis: 1 },
    opset: 19,
  },
  { type: 'QuantizeLinear', x: [3, 5], more: [scale(0.001), zero('uint16', 30000)], opset: 21 },
  { type: 'QuantizeLinear', x: [3, 5], more: [scale(0.001), zero('int16', -7)], opset: 21 },
  { type: 'DequantizeLinear', dtype: 'int8', x: [3, 5], more: [scale(0.03), zero('int8', 4)] },
  { type: 'DequantizeLinear', dtype: 'uint8', x: [3, 5], more: [scale(0.5)], opset: 19 },
  {
    type: 'DequantizeLinear',
    dtype: 'uint8',
    x: [2, 3],
    more: [scale(0.3, 0.01, 2), zero('uint8', 3, 0, 255)],
    attributes: { axis: -1 },
  },
  {
    type: 'DequantizeLinear',
    dtype: 'int32',
    x: [2, 3],
    more: [scale(0.007)],
    range: { low: -1e9, high: 1e9, step: 1 },
  },
  { type: 'DynamicQuantizeLinear', x: [4, 6], outputs: [true, true, true] },
  { type: 'DynamicQuantizeLinear', x: [4, 6], range: { low: 1, high: 3, step: 0 }, outputs: [true, true, true] },
  { type: 'DynamicQuantizeLinear', x: [30], range: { low: -3, high: 0, step: 0.5 }, outputs: [true, true, true] },
  {
    type: 'QLinearMatMul',
    dtype: 'uint8',
    x: [3, 6],
    more: [
      scale(0.02),
      zero('uint8', 4),
      { weight: [6, 5], dtype: 'uint8' },
      scale(0.013),
      zero('uint8', 3),
      scale(0.0007),
      zero('uint8', 90),
    ],
  },
  {
    type: 'QLinearMatMul',
    dtype: 'int8',
    x: [2, 4],
    more: [
      scale(0.5),
      zero('int8', -1),
      { weight: [4, 3], dtype: 'int8' },
      scale(0.25),
      zero('int8', 2),
      scale(2),
      zero('int8', 1),
    ],
  },
  {
    type: 'QLinearConv',
    dtype: 'uint8',
    x: [1, 2, 5, 5],
    more: [
      scale(0.02),
      zero('uint8', 4),
      { weight: [3, 2, 3, 3], dtype: 'uint8' },
      scale(0.013, 0.02, 0.001),
      zero('uint8', 2, 2, 2),
      scale(0.003),
      zero('uint8', 120),
      { weight: [3], dtype: 'int32', values: [100, -250, 7] },
    ],
    attributes: { pads: [1, 1, 1, 1], strides: [2, 1] },
  },
  {
    type: 'QLinearConv',
    dtype: 'int8',
    x: [2, 4, 4, 4],
    more: [
      scale(0.02),
      zero('int8', -4),
      { weight: [4, 2, 2, 2], dtype: 'int8' },
      scale(0.013),
      zero('int8', 0),
      scale(0.004),
      zero('int8', 3),
    ],
    attributes: { group: 2, dilations: [2, 1] },
  },
  { type: 'Sign', x: [3, 4] },
  { type: 'Cast', x: [3, 4], attributes: { to: 1 } },
  { type: 'PRelu', x: [2, 3, 2], more: [{ weight: [3, 1] }] },
  { type: 'PRelu', x: [2, 3], more: [{ input: [2, 3] }], range: GRID },
  { type: 'ThresholdedRelu', x: [3, 4], attributes: { alpha: { float: 0.5 } } },
  { type: 'Shrink', x: [3, 4], attributes: { lambd: { float: 1 }, bias: { float: 0.75 } } },
  ...(['uint8', 'uint32', 'uint64'] as const).flatMap((dtype) =>
    ['LEFT', 'RIGHT'].map((direction) => ({
      type: 'BitShift',
      dtype,
      x: [2, 3],
      more: [{ weight: [3], dtype, values: [0, 1, 7] }],
      attributes: { direction },
    })),
  ),
  ...(['int32', 'int64', 'int8', 'uint8'] as const).flatMap((dtype) =>
    [0, 1].map((fmod) => ({
      type: 'Mod',
      dtype,
      x: [4, 3],
      more: [{ weight: [3], dtype, values: [3, dtype === 'uint8' ? 7 : -4, 5] }],
      attributes: { fmod },
    })),
  ),
];
