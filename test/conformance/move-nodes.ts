import type { NodeCase } from './node-case.ts';

const pads = [1, 0, 2, 0, 2, 1];
const index = (low: number, high: number) => ({ low, high, step: 1 });
const NEAREST = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];

/** Moves by coordinates and by indices. */
export const MOVES: readonly NodeCase[] = [
  { type: 'Split', x: [2, 7], more: [{ ints: [3, 4] }], attributes: { axis: -1 }, outputs: [true, true] },
  { type: 'Split', x: [6, 2], outputs: [true, true, true] },
  { type: 'Split', x: [7, 2], outputs: [true, true], attributes: { num_outputs: 2 }, opset: 18 },
  { type: 'Dropout', x: [2, 3] },
  ...[13, 18, 19, 21].flatMap((opset) =>
    ['constant', 'reflect', 'edge'].map((mode) => ({
      type: 'Pad',
      x: [2, 3, 4],
      more: [{ ints: pads }],
      attributes: { mode },
      opset,
    })),
  ),
  { type: 'Pad', x: [2, 5], more: [{ ints: [0, 3, 0, 5] }], attributes: { mode: 'wrap' }, opset: 19 },
  { type: 'Pad', x: [3, 4], more: [{ ints: [1, -1, 0, 2] }, { weight: [], values: [-2.5] }] },
  { type: 'Pad', x: [3, 4], more: [{ ints: [1, 2] }, { input: [] }, { ints: [-1] }], opset: 18 },
  {
    type: 'Pad',
    dtype: 'int32',
    x: [2, 2],
    more: [{ ints: [1, 1, 1, 1] }, { weight: [], dtype: 'int32', values: [-7] }],
  },
  { type: 'Tile', x: [2, 1, 3], more: [{ ints: [1, 3, 2] }] },
  { type: 'Expand', x: [3, 1], more: [{ ints: [3, 4] }] },
  {
    type: 'Where',
    dtype: 'bool',
    x: [2, 3],
    more: [{ input: [3] }, { weight: [2, 1] }],
  },
  { type: 'GatherElements', x: [3, 4, 3], more: [{ input: [2, 4, 3], dtype: 'int64', span: index(-3, 2) }] },
  {
    type: 'GatherElements',
    x: [3, 4],
    more: [{ input: [2, 6], dtype: 'int32', span: index(-4, 3) }],
    attributes: { axis: 1 },
  },
  { type: 'GatherND', x: [3, 4, 2], more: [{ input: [5, 2], dtype: 'int64', span: index(-3, 2) }] },
  { type: 'GatherND', x: [3, 4], more: [{ input: [2, 2, 2], dtype: 'int64', span: index(0, 2) }] },
  {
    type: 'GatherND',
    x: [2, 3, 4],
    more: [{ input: [2, 3, 1], dtype: 'int64', span: index(-3, 2) }],
    attributes: { batch_dims: 1 },
  },
  {
    type: 'OneHot',
    dtype: 'int64',
    x: [2, 3],
    more: [{ ints: [5] }, { weight: [2], values: [-1.5, 2] }],
    range: index(-6, 6),
  },
  {
    type: 'OneHot',
    dtype: 'int64',
    x: [4],
    more: [{ ints: [3] }, { weight: [2], dtype: 'int64', values: [0, 1] }],
    attributes: { axis: 0 },
    range: index(-3, 2),
  },
  ...NEAREST.flatMap((nearest_mode) =>
    ['asymmetric', 'half_pixel', 'pytorch_half_pixel'].map((coordinate_transformation_mode) => ({
      type: 'Resize',
      x: [1, 2, 3, 4],
      more: [null, { weight: [4], values: [1, 1, 2, 3] }],
      attributes: { nearest_mode, coordinate_transformation_mode },
    })),
  ),
  {
    type: 'Resize',
    x: [1, 2, 4, 6],
    more: [null, null, { ints: [1, 2, 2, 9] }],
    attributes: { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    opset: 18,
  },
  {
    type: 'Resize',
    x: [1, 1, 3, 3],
    more: [null, null, { ints: [1, 1, 6, 5] }],
    attributes: { coordinate_transformation_mode: 'align_corners', nearest_mode: 'floor' },
    opset: 19,
  },
  { type: 'Resize', x: [1, 1, 4, 6], more: [null, { weight: [4], values: [1, 1, 0.5, 0.5] }] },
  ...['DCR', 'CRD'].map((mode) => ({ type: 'DepthToSpace', x: [2, 8, 2, 3], attributes: { blocksize: 2, mode } })),
  { type: 'SpaceToDepth', x: [2, 3, 4, 6], attributes: { blocksize: 2 } },
  { type: 'Trilu', x: [2, 4, 5] },
  { type: 'Trilu', x: [4, 5], more: [{ ints: [-1] }], attributes: { upper: 0 } },
  { type: 'Trilu', dtype: 'int64', x: [3, 3], more: [{ ints: [1] }] },
];
