/**
 * What verifying takes: beside plain ONNX Runtime, on two workers beside one, and from a claim's block on a chain until it
 * is checked. npm run bench:verify; docs/benchmarks.md says what is compared.
 */
import { availableParallelism } from 'node:os';
import { openPool, useFastHashes } from '@essaim/runtime';
import * as ort from 'onnxruntime-node';
import { claimSeconds } from './bench/claim-seconds.ts';
import { type Claims, digitsClaims, perceptronClaims, verify } from './bench/claims.ts';
import { measureRatio } from './bench/ratio.ts';
import { treeTime } from './bench/tree-time.ts';
import { type Aim, recordFigure } from './figures.ts';

const COMMAND = 'npm run bench:verify';
const ROUNDS = 15;
/** Of claims so short that the engine still compiles what stands around them after some thousand. */
const SHORT_ROUNDS = 60;

function record(name: string, value: number, unit: string, aim: Aim, told: string): void {
  console.log(`${name.padEnd(28)} ${value.toFixed(2)} ${unit}   ${told}`);
  recordFigure(name, { value, unit, aim, command: COMMAND });
}

/** Processor time of checking all claims, of every process and thread that has a part in it, over that of running them. */
async function ratio(claims: Claims, rounds = ROUNDS): Promise<void> {
  const { name, program, onnx, inputs } = claims;
  const pool = openPool({ isolation: 'process', workers: 1 });
  const session = await ort.InferenceSession.create(onnx, {
    ...{ graphOptimizationLevel: 'disabled', executionMode: 'sequential', intraOpNumThreads: 1, interOpNumThreads: 1 },
  });
  const [{ name: feed, type }] = program.inputs;
  const plain = async () => {
    for (const [{ buffer }] of inputs) {
      await session.run({ [feed]: new ort.Tensor('float32', new Float32Array(buffer as ArrayBuffer), [...type.dims]) });
    }
  };
  const { ratio, subject, baseline } = await measureRatio(() => verify(claims, pool.trace), plain, rounds, treeTime);
  await pool.close();
  const each = (milliseconds: number): string => `${((1e3 * milliseconds) / inputs.length).toFixed(0)} µs`;
  record(`ratio.verify.${name}`, ratio, 'ratio', { atMost: 1.15 }, `${each(subject)} a claim over ${each(baseline)}`);
}

/** Claims a second of two workers over those of one. */
async function scale(claims: Claims): Promise<void> {
  const pools = [1, 2].map((workers) => openPool({ isolation: 'process', workers }));
  const [one, two] = pools.map(
    ({ trace }) =>
      () =>
        verify(claims, trace),
  );
  const { ratio, subject, baseline } = await measureRatio(one, two, ROUNDS);
  await Promise.all(pools.map((pool) => pool.close()));
  const rate = (milliseconds: number): string =>
    `${((1_000 * claims.inputs.length) / milliseconds).toFixed(0)} claims/s`;
  record('scale.verify.2-workers', ratio, 'ratio', { atLeast: 1.7 }, `${rate(baseline)} over ${rate(subject)}`);
}

useFastHashes();
console.log(`${availableParallelism()} processors`);
const perceptron = await perceptronClaims();
await ratio(await digitsClaims(), SHORT_ROUNDS);
await ratio(perceptron);
await scale(perceptron);
const seconds = await claimSeconds();
const told = `${seconds.length} claims in a minute, half of them within ${seconds[Math.floor(seconds.length / 2)].toFixed(2)} s`;
record('time.verify.claim', seconds[Math.ceil(0.95 * seconds.length) - 1], 's', { atMost: 5 }, told);
