import { readFile } from 'node:fs/promises';
import { compile, type Hash } from '@essaim/protocol';
import { openTracer, type Trace } from '@essaim/runtime';
import { jobContext } from '@essaim/sdk';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';

export const jobId: Hash = `0x${'42'.repeat(32)}`;

/** Honest traces of the small digits model on some scans, with the contexts of a job. */
export async function keptDigits(rows: readonly number[]) {
  const onnx = new Uint8Array(await readFile(modelPath('mlp-b1')));
  const program = compile(onnx);
  const trace = openTracer();
  const { scans } = loadDigits();
  const traces: Trace[] = [];
  for (const row of rows)
    traces.push(await trace(program, onnx, [new Uint8Array(Float32Array.from(scans[row]).buffer)]));
  const contexts = rows.map((_, i) => jobContext(31_337, `0x${'11'.repeat(20)}`, jobId, i));
  return { onnx, program, kept: { traces, contexts } };
}
