import { readFileSync } from 'node:fs';
import { type StepOptions, scheduleRow } from '@essaim/protocol';
import { loadDigits } from '../digits/digits.ts';

export type ExampleName = 'digits' | 'language';

/** A network with its data and everything that decides its training. */
export interface Example {
  /** The forward graph with its first parameters, made by PyTorch. */
  readonly onnx: Uint8Array;
  readonly options: StepOptions;
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Inputs `x` and `target` of one row. */
  readonly rows: readonly (readonly [Uint8Array, Uint8Array])[];
  /** The schedule input of a step, counted from 0. */
  schedule(step: number): Float32Array;
  /** Inputs `x` and `target` of a step, counted from 0. */
  batch(step: number): [Uint8Array, Uint8Array];
}

interface Plan extends Pick<StepOptions, 'optimiser'>, Pick<Example, 'rounds' | 'stepsPerRound'> {
  readonly batch: number;
  /** Rows between one of a batch and the next, wrapping around. */
  readonly stride: number;
  readonly rate: number;
  /** Steps until the rate is whole. */
  readonly warmup: number;
  readonly tokens?: number;
}

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, import.meta.url)));
const PLANS: Record<ExampleName, Plan> = JSON.parse(Buffer.from(read('examples.json')).toString());

/** Scans and labels of the digits that are not held out. */
function digits(): [Uint8Array, Uint8Array][] {
  const { scans, labels, heldOut } = loadDigits();
  const out = new Set(heldOut);
  return scans.flatMap((scan, row) => (out.has(row) ? [] : [[scan, labels.subarray(row, row + 1)]]));
}

/** Stretches of characters, and of those that follow each. */
function language(tokens: number): [Uint8Array, Uint8Array][] {
  const text = read('text/genesis.txt');
  return Array.from({ length: Math.floor((text.length - 1) / tokens) }, (_, row) => [
    text.subarray(row * tokens, (row + 1) * tokens),
    text.subarray(row * tokens + 1, (row + 1) * tokens + 1),
  ]);
}

/** Reads a committed example. */
export function loadExample(name: ExampleName): Example {
  const plan = PLANS[name];
  const rows = name === 'digits' ? digits() : language(plan.tokens!);
  return {
    onnx: read(`${name}.onnx`),
    options: { loss: { kind: 'cross-entropy', targetType: 'uint8' }, optimiser: plan.optimiser },
    rounds: plan.rounds,
    stepsPerRound: plan.stepsPerRound,
    rows,
    schedule: (step) => scheduleRow(plan.optimiser, plan.rate * Math.min(1, (step + 1) / plan.warmup), step + 1),
    batch(step) {
      const at = Array.from({ length: plan.batch }, (_, i) => ((step * plan.batch + i) * plan.stride) % rows.length);
      const column = (which: 0 | 1) => new Uint8Array(Buffer.concat(at.map((row) => rows[row][which])));
      return [column(0), column(1)];
    },
  };
}
