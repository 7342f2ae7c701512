import { readFileSync } from 'node:fs';

/** The handwritten digits beside this file. */
export interface Digits {
  /** 1,797 scans of 8x8 grey levels 0..16, row-major. */
  scans: Uint8Array[];
  /** The digit, 0..9, that each scan shows. */
  labels: Uint8Array;
  /** Row numbers that no model was trained on, ascending. */
  heldOut: number[];
}

const PIXELS = 64;

/** Reads the committed scans, their labels and the held-out rows. */
export function loadDigits(): Digits {
  const read = (name: string) => readFileSync(new URL(`./data/${name}`, import.meta.url));
  const pixels = new Uint8Array(read('scans.u8'));
  const labels = new Uint8Array(read('labels.u8'));
  const scans = Array.from(labels, (_, row) => pixels.subarray(row * PIXELS, (row + 1) * PIXELS));
  return { scans, labels, heldOut: JSON.parse(read('split.json').toString()).heldOut };
}

/** Where a committed model lies; the suffix is its batch size. */
export function modelPath(name: 'mlp-b1' | 'cnn-b1' | 'cnn-b64'): URL {
  return new URL(`./${name}.onnx`, import.meta.url);
}
