import { PAD_MODES } from '../../judges/move-places.ts';
import type { NodeView } from '../node-view.ts';
import { resize } from './resize.ts';
import type { Lowered, OperatorSpec } from './spec.ts';

const pad: OperatorSpec = {
  versions: [13, 18, 19, 21],
  lower(node) {
    node.arity(2, 4);
    const { dtype, dims } = node.shape(0);
    const name = node.text('mode', 'constant');
    const mode = PAD_MODES.indexOf(name);
    if (mode < 0) throw node.unsupported('mode', `is ${name}`);
    const pads = node.constantInts(1);
    const axes = node.has(3) ? node.constantInts(3).map((axis) => node.axis(axis, dims.length)) : [...dims.keys()];
    if (pads.length !== 2 * axes.length || new Set(axes).size !== axes.length) throw node.malformed(`pads [${pads}]`);
    const begin = dims.map(() => 0);
    const out = [...dims];
    axes.forEach((axis, i) => {
      begin[axis] = pads[i];
      out[axis] += pads[i] + pads[i + axes.length];
      if (out[axis] < 0) throw node.malformed(`pads [${pads}]`);
    });
    const filled = mode === 0 && node.has(2);
    if (filled && (node.shape(2).dtype !== dtype || node.shape(2).dims.some((d) => d !== 1))) {
      throw node.malformed('its constant is no element of its operand’s type');
    }
    return { operands: filled ? [0, 2] : [0], attributes: [mode, ...begin], output: { dtype, dims: out } };
  },
};

const tile: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(2);
    const { dtype, dims } = node.shape(0);
    const repeats = node.constantInts(1);
    if (repeats.length !== dims.length || repeats.some((n) => n < 0)) throw node.malformed(`repeats [${repeats}]`);
    return { operands: [0], attributes: [], output: { dtype, dims: dims.map((d, i) => d * repeats[i]) } };
  },
};

/** Each part of a Split is a Slice. */
const split: OperatorSpec = {
  versions: [13, 18],
  lower(node) {
    node.arity(1, 2);
    const { dtype, dims } = node.shape(0);
    const axis = node.axis(node.int('axis', 0), dims.length);
    const parts = node.int('num_outputs', node.results);
    const even = Math.ceil(dims[axis] / parts);
    const sizes = node.has(1)
      ? node.constantInts(1)
      : Array.from({ length: parts }, (_, i) => Math.min(even, dims[axis] - i * even));
    if (sizes.some((n) => n < 0) || sizes.reduce((a, b) => a + b, 0) !== dims[axis]) {
      throw node.malformed(`cannot cut ${dims[axis]} into [${sizes}]`);
    }
    let next = 0;
    return sizes.map((size, result): Lowered => {
      const start = size === 0 ? 0 : next;
      next += size;
      return {
        as: { name: 'Slice', since: 13 },
        operands: [0],
        attributes: [...dims.map((_, i) => (i === axis ? start : 0)), ...dims.map(() => 1)],
        output: { dtype, dims: dims.with(axis, size) },
        result,
      };
    });
  },
};

/** Dropout does nothing when a model is not being trained. */
const dropout: OperatorSpec = {
  versions: [13, 22],
  lower(node) {
    node.arity(1, 3);
    node.int('seed', 0);
    if (node.has(2) && node.constant(2)?.bytes.every((byte) => byte === 0) !== true) {
      throw node.error('ONNX_UNSUPPORTED_OPERATOR', 'may be training', 'Export the model for inference.');
    }
    return { as: { name: 'Identity', since: 13 }, operands: [0], attributes: [], output: node.shape(0) };
  },
};

function blocks(node: NodeView, grow: boolean): { size: number; dims: number[] } {
  const { dims } = node.shape(0);
  const size = node.int('blocksize', 0);
  if (size < 1 || size > 0xffff || dims.length !== 4) throw node.malformed(`blocks of ${size} in [${dims}]`);
  const [n, c, h, w] = dims;
  const out = grow ? [n, c / size ** 2, h * size, w * size] : [n, c * size ** 2, h / size, w / size];
  if (!out.every(Number.isInteger)) throw node.malformed(`blocks of ${size} in [${dims}]`);
  return { size, dims: out };
}

const depthToSpace: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(1);
    const mode = node.text('mode', 'DCR');
    if (mode !== 'DCR' && mode !== 'CRD') throw node.unsupported('mode', `is ${mode}`);
    const { size, dims } = blocks(node, true);
    const attributes = [size, mode === 'CRD' ? 1 : 0];
    return { operands: [0], attributes, output: { dtype: node.shape(0).dtype, dims } };
  },
};

const spaceToDepth: OperatorSpec = {
  versions: [13],
  lower(node) {
    node.arity(1);
    const { size, dims } = blocks(node, false);
    return { operands: [0], attributes: [size], output: { dtype: node.shape(0).dtype, dims } };
  },
};

const trilu: OperatorSpec = {
  versions: [14],
  lower(node) {
    node.arity(1, 2);
    if (node.shape(0).dims.length < 2) throw node.malformed('its operand is no matrix');
    const [k = 0] = node.has(1) ? node.constantInts(1) : [];
    const reach = 2 ** 32;
    const diagonal = Math.min(Math.max(k, -reach), reach);
    return { operands: [0], attributes: [node.int('upper', 1) !== 0 ? 1 : 0, diagonal], output: node.shape(0) };
  },
};

/** Operators whose elements' places follow from coordinates alone. */
export const PLACED: Readonly<Record<string, OperatorSpec>> = {
  Pad: pad,
  Tile: tile,
  Split: split,
  Dropout: dropout,
  Resize: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
};
