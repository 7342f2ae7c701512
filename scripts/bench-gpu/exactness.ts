import { readFileSync } from 'node:fs';
import { byteLength, compile } from '@essaim/protocol';
import { type Engine, openTracer } from '@essaim/runtime';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';

const MODELS = ['mlp-b1', 'cnn-b1', 'cnn-b64'] as const;
const RUNS = 8;

/** Runs the digits models, all of whose operators are exact: how many traces are those of the processor, bit for bit. */
export async function exactness(engine: Engine): Promise<{ same: number; of: number }> {
  const { scans } = loadDigits();
  const [here, there] = [openTracer({ engines: [engine] }), openTracer({ engines: ['cpu'] })];
  let same = 0;
  for (const model of MODELS) {
    const onnx = new Uint8Array(readFileSync(modelPath(model)));
    const program = compile(onnx);
    const { type } = program.inputs[0];
    const batch = byteLength(type) / 4 / 64;
    for (let run = 0; run < RUNS; run++) {
      const rows = Array.from({ length: batch }, (_, i) => scans[(run * batch + i) % scans.length]);
      const input = new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer);
      const [a, b] = [await here(program, onnx, [input]), await there(program, onnx, [input])];
      if (a.traceRoot === b.traceRoot) same++;
    }
  }
  return { same, of: MODELS.length * RUNS };
}
