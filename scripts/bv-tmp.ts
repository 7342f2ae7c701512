import { readFileSync } from 'node:fs';
import { compile, type Program } from '@essaim/protocol';
import { Executor, openPool, openTracer, useFastHashes } from '@essaim/runtime';
import { jobContext } from '@essaim/sdk';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { doubtfulOf } from '../verifier/src/fleet/look.ts';
import { gaussian, perceptron } from './bench/models.ts';
import { treeTime } from './bench/tree-time.ts';
import { measureRatio } from './bench/ratio.ts';
const mode = process.argv[2] as 'thread'|'process';
useFastHashes();
const next = random(5);
for (const [name, onnx, count] of [
 ['cnn-b64', new Uint8Array(readFileSync(modelPath('cnn-b64'))), 256],
 ['mlp-10m', perceptron([784, 2048, 2048, 2048, 10], 32), 32],
] as const) {
  const program = compile(onnx);
  const [{ type }] = program.inputs;
  const size = type.dims.reduce((a,b)=>a*b,1);
  const inputs = Array.from({length: count}, () => [new Uint8Array(name==='cnn-b64' ? Float32Array.from({length: size}, () => Math.floor(17*next())).buffer : gaussian(size, 1, next).buffer)]);
  const tracer = openTracer();
  const jobId = '0x'+'12'.repeat(32), client = '0x'+'34'.repeat(20);
  const views: any[] = [];
  for (const [leaf, input] of inputs.entries()) { const t = await tracer(program, onnx, input); views.push({leaf, programId: program.id, shown: {inputsRoot: t.inputsRoot, traceRoot: t.traceRoot, context: jobContext(31337, client, jobId, leaf)}, roots: []}); }
  const pool = openPool({ isolation: mode, workers: 1 });
  const desk: any = { essaim: {deployment: {chainId: 31337}}, trace: pool.trace };
  const kase: any = { jobId, client, terms: {programId: program.id}, model: {program, onnx}, inputs };
  const plain = await Executor.open(program, onnx);
  const r = await measureRatio(async () => { const d = await doubtfulOf(desk, kase, views); if (d.length) throw new Error('doubt '+d); }, async () => { for (const i of inputs) await plain.run(i); }, 15, treeTime);
  console.log(mode, name, r.ratio.toFixed(3), (r.subject/count).toFixed(3), (r.baseline/count).toFixed(3));
  await pool.close();
}
