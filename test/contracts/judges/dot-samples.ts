import { concat, type DType, type Operator, type TensorType, toLayout } from '@essaim/protocol';
import { keccak256, toUtf8Bytes, ZeroHash } from 'ethers';
import { int256, type Sample, type Spec } from './sample.ts';

/** The layouts that dot operators need of their operands. */
export const swapped = (rank: number): number => ({ 2: 0x01, 3: 0x120, 4: 0x2310 })[rank] ?? 0;
export const CHANNELS_LAST = 0x1320;

/** `spec` compiled with these layouts of its operands and of its output; `rowMajor` are its results. */
export function dotSample(spec: Spec, layouts: readonly number[], output: number, rowMajor: Uint8Array): Sample {
  const inputTypes = spec.inputs.map((t, i): TensorType | null => t && { ...t, layout: layouts[i] ?? 0 });
  const to = { ...spec.output, layout: output };
  const op: Operator = {
    name: spec.name,
    since: spec.since,
    opcode: keccak256(toUtf8Bytes(`ai.onnx/${spec.name}/${spec.since}`)),
    judge: ZeroHash,
    attributes: concat((spec.words ?? []).map(int256)),
    firstValue: 7,
    segment: 3,
    boundary: 1,
    inputs: inputTypes.map((type, index) => ({ kind: type ? 'value' : 'none', index: type ? index : 0 })),
    inputTypes,
    outputTypes: [to],
    node: `${spec.name}#0`,
  };
  return {
    op,
    operands: inputTypes.map((type, i) => type && toLayout(type, spec.inputs[i]!.bytes)),
    honest: toLayout(to, rowMajor),
  };
}

/** Numbers of an integer tensor. */
export const numbersOf = (dtype: DType, bytes: Uint8Array): number[] =>
  Array.from(bytes, (byte) => (dtype === 'int8' ? (byte << 24) >> 24 : byte));

/** Attributes of a 2-D convolution. */
export interface Convolution {
  strides: [number, number];
  pads: [number, number, number, number];
  dilations: [number, number];
  group: number;
}

/** Size of a convolution's output along both axes. */
export function outputSize(c: Convolution, image: readonly number[], kernel: readonly number[]): number[] {
  return [0, 1].map((axis) => {
    const extent = (kernel[axis] - 1) * c.dilations[axis] + 1;
    return Math.floor((image[axis] + c.pads[axis] + c.pads[axis + 2] - extent) / c.strides[axis]) + 1;
  });
}

/** A convolution of integers by its definition, row-major; padding adds nothing. */
export function convolveExactly(
  c: Convolution,
  x: { dims: number[]; values: number[] },
  w: { dims: number[]; values: number[] },
): { dims: number[]; values: number[] } {
  const [n, channels, height, width] = x.dims;
  const [filters, depth, kh, kw] = w.dims;
  const [oh, ow] = outputSize(c, [height, width], [kh, kw]);
  const values: number[] = [];
  for (let image = 0; image < n; image++) {
    for (let o = 0; o < filters; o++) {
      const from = Math.floor(o / (filters / c.group)) * depth;
      for (let i = 0; i < oh * ow; i++) {
        let sum = 0;
        for (let k = 0; k < depth * kh * kw; k++) {
          const [channel, ky, kx] = [Math.floor(k / (kh * kw)), Math.floor(k / kw) % kh, k % kw];
          const y = Math.floor(i / ow) * c.strides[0] + ky * c.dilations[0] - c.pads[0];
          const z = (i % ow) * c.strides[1] + kx * c.dilations[1] - c.pads[1];
          if (y < 0 || z < 0 || y >= height || z >= width) continue;
          sum +=
            x.values[((image * channels + from + channel) * height + y) * width + z] *
            w.values[o * depth * kh * kw + k];
        }
        values.push(sum);
      }
    }
  }
  return { dims: [n, filters, oh, ow], values };
}
