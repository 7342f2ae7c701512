/** What this machine's engines do to the protocol: npm run bench:gpu. Writes docs/gpu.md where there is a GPU. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile, EssaimError } from '@essaim/protocol';
import { commitTrace, ENGINES, type Engine, Executor, openSession } from '@essaim/runtime';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { gaussian, perceptron } from './bench/models.ts';
import { measureRatio } from './bench/ratio.ts';
import { calibrate, isNatural } from './bench-gpu/calibration.ts';
import { conviction } from './bench-gpu/conviction.ts';
import { cpuName, gpuName } from './bench-gpu/device.ts';
import { exactness } from './bench-gpu/exactness.ts';

const FILE = new URL('../docs/gpu.md', import.meta.url);
const ROUNDS = 21;

/** Why an engine does not take a model; undefined if it does. */
async function refusal(engine: Engine): Promise<string | undefined> {
  try {
    const { session } = await openSession(new Uint8Array(readFileSync(modelPath('mlp-b1'))), { engines: [engine] });
    await session.release();
    return undefined;
  } catch (error) {
    if (!(error instanceof EssaimError)) throw error;
    return (error.details?.refusals as string[] | undefined)?.join(' | ') ?? error.message;
  }
}

/** Median time of run, trace and commitment over that of the outputs alone. */
async function commitRatio(engine: Engine): Promise<number> {
  const onnx = perceptron([784, 2048, 2048, 2048, 10], 32);
  const program = compile(onnx);
  const input = [new Uint8Array(gaussian(32 * 784, 1, random(2)).buffer)];
  const traced = await Executor.open(program, onnx, { engines: [engine], trace: true });
  const plain = await Executor.open(program, onnx, { engines: [engine] });
  const { ratio } = await measureRatio(
    async () => commitTrace(program, input, await traced.run(input)),
    () => plain.run(input),
    ROUNDS,
  );
  await traced.close();
  await plain.close();
  return ratio;
}

/** One row of the table; every cell is also printed. */
async function row(engine: Engine): Promise<{ cells: string[]; honest: boolean }> {
  const { same, of } = await exactness(engine);
  const found = await calibrate(engine);
  const sum = (pick: (it: (typeof found)[number]) => number) => found.reduce((total, it) => total + pick(it), 0);
  const voids = sum((it) => (isNatural(it) ? it.void : 0));
  const { honest, cheated, proofBytes } = await conviction(engine);
  const cells = [
    engine,
    `${same} of ${of}`,
    `${sum((it) => it.elements)}: ${sum((it) => it.convicted)} convicted, ${voids} void on natural data, ${sum((it) => it.void)} on all`,
    `honest ${honest}, cheated ${cheated} (${proofBytes} bytes)`,
    (await commitRatio(engine)).toFixed(3),
  ];
  for (const it of found) {
    if (it.convicted > 0 || (isNatural(it) && it.void > 0)) console.error(`${engine}: ${JSON.stringify(it)}`);
  }
  const fair = same === of && sum((it) => it.convicted) === 0 && voids === 0;
  return { cells, honest: fair && honest === 'permitted' && cheated === 'convicted' };
}

const HEAD = [
  'engine',
  'exact models bit-equal to cpu',
  'honest float products',
  'referee',
  'commitment over outputs only',
];

const gpu = gpuName();
console.log(`processor: ${cpuName()}\nGPU: ${gpu ?? 'none found'}`);
const rows: string[][] = [];
for (const engine of ENGINES) {
  const why = await refusal(engine);
  if (why) {
    console.log(`\n${engine} does not open: ${why}`);
    continue;
  }
  const { cells, honest } = await row(engine);
  rows.push(cells);
  console.log(`\n${cells.map((cell, i) => `${HEAD[i]}: ${cell}`).join('\n')}`);
  if (!honest) process.exitCode = 1;
}

if (gpu && rows.some(([engine]) => engine !== 'cpu')) {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [HEAD, HEAD.map(() => '---'), ...rows].map(line).join('\n');
  const text = `# GPUs\n\nWritten by \`npm run bench:gpu\` on ${gpu}, ${cpuName()}.\n\n${table}\n`;
  writeFileSync(FILE, text);
  console.log('\nwritten: docs/gpu.md');
} else console.log('\nNothing is written: no engine ran on a GPU here.');
