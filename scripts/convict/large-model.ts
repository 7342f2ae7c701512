import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { mergeAdditions, readOnnx, writeOnnx } from '@essaim/protocol';
import { externalFolder } from '@essaim/runtime';
import { type Keep, type TransformerSize, transformer } from '../bench/models.ts';

/** A model in a folder of its own: `model.onnx`, and its weights beside it as external data. */
export interface LargeModel {
  readonly folder: string;
  readonly onnx: Uint8Array;
  readonly size: TransformerSize;
  readonly parameters: number;
  /** Bytes of its weights. */
  readonly weightBytes: number;
}

/** Widths of a transformer's blocks by the least number of parameters that they are taken for. */
const WIDTHS: readonly (readonly [number, number])[] = [
  [1e9, 2048],
  [3e8, 1280],
  [3e7, 768],
  [5e6, 384],
  [0, 128],
];

/** A transformer of at least so many parameters: as wide as such are, and as deep as it must be. */
export function sizeOf(parameters: number): TransformerSize {
  const [, width] = WIDTHS.find(([least]) => parameters >= least)!;
  return { tokens: 128, width, heads: width / 64, layers: Math.ceil(parameters / (12 * width * width)) };
}

/** Makes a transformer of random weights, which are written to the disk one by one. */
export function writeLargeModel(folder: string, parameters: number): LargeModel {
  const size = sizeOf(parameters);
  const file = openSync(join(folder, 'weights.bin'), 'w');
  let [offset, count] = [0, 0];
  const beside: Keep = (model, name, dims, numbers) => {
    const bytes = new Uint8Array(numbers.buffer);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, offset + at);
    const place = { location: 'weights.bin', offset, length: bytes.length };
    offset += bytes.length;
    count += numbers.length;
    return model.external(name, 'float32', dims, place);
  };
  try {
    // residual additions are published as parts of their products: the trace commits to one tensor a segment
    const plain = readOnnx(transformer(size, 1, beside), externalFolder(folder));
    const onnx = writeOnnx(mergeAdditions(plain));
    writeFileSync(join(folder, 'model.onnx'), onnx);
    return { folder, onnx, size, parameters: count, weightBytes: offset };
  } finally {
    closeSync(file);
  }
}
