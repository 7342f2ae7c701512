import { readFile } from 'node:fs/promises';
import { elementCount, type Program } from '@essaim/protocol';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';
import { random } from '../../test/random.ts';
import { gaussian } from '../bench/models.ts';
import { type Change, CNN } from '../downgrade/networks.ts';
import type { Kind } from './kinds.ts';

/** Seed of the wide network's weights. */
const WEIGHTS = 7;

/** The wide network, with its weights changed where a cheat does. */
export const wide = (change?: Change): Uint8Array => CNN.build(random(WEIGHTS), change);

/** The soak's models: two that read digits, and one that has values inside segments. */
export async function modelFile(model: Kind['model']): Promise<Uint8Array> {
  if (model === 'wide') return wide();
  return new Uint8Array(await readFile(modelPath(model === 'perceptron' ? 'mlp-b1' : 'cnn-b1')));
}

/** An input that no other seed gives: a scan with some pixels changed, or an image of noise. */
export function inputOf(model: Kind['model'], { inputs: [{ type }] }: Program, seed: number): Float32Array {
  const next = random(seed);
  if (model === 'wide') return gaussian(elementCount(type), 1, next);
  const { scans } = loadDigits();
  const scan = Float32Array.from(scans[Math.floor(next() * scans.length)]);
  for (let change = 0; change < 8; change++) scan[Math.floor(next() * scan.length)] = Math.floor(next() * 17);
  return scan;
}
