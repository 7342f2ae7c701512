import { readFileSync } from 'node:fs';
import type { Loss } from '@essaim/protocol';

/** A small module, its inputs, and PyTorch's loss and gradients; tensors row-major, little-endian. */
export interface GradientVector {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly target: Uint8Array;
  readonly loss: Loss;
  readonly value: number;
  readonly gradients: ReadonlyMap<string, Uint8Array>;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** What models/training/gradients.py wrote. */
export function loadGradients(): GradientVector[] {
  const records = JSON.parse(readFileSync(new URL('vectors/gradients.json', import.meta.url), 'utf8'));
  return records.map((record: Record<string, never>) => ({
    ...record,
    onnx: bytes(record.onnx),
    inputs: (record.inputs as string[]).map(bytes),
    target: bytes(record.target),
    gradients: new Map(Object.entries(record.gradients).map(([name, text]) => [name, bytes(text as string)])),
  }));
}

/** PyTorch's loss at every step of both examples, a list for each round; models/training/train.py wrote it. */
export function loadLosses(): Record<'digits' | 'language', number[][]> {
  return JSON.parse(readFileSync(new URL('vectors/losses.json', import.meta.url), 'utf8'));
}
