/** What this machine's engines do to the protocol: npm run bench:gpu. Writes docs/gpu.md where there is a GPU. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile, EssaimError } from '@essaim/protocol';
import { commitTrace, ENGINES, type Engine, Executor, openSession } from '@essaim/runtime';
import { modelPath } from '../models/digits/digits.ts';
import { random } from '../test/random.ts';
import { gaussian, perceptron } from './bench/models.ts';
import { measureRatio } from './bench/ratio.ts';
import { calibrate } from './bench-gpu/calibration.ts';
import { conviction } from './bench-gpu/conviction.ts';
import { cpuName, gpuName } from './bench-gpu/device.ts';
import { exactness } from './bench-gpu/exactness.ts';
import { onSwiftShader } from './lib/swiftshader.ts';

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
  const { elements, convicted, voids, refused, qualified, faults } = await calibrate(engine);
  const { honest, cheated, proofBytes } = await conviction(engine);
  const cells = [
    engine,
    `${same} of ${of}`,
    `${elements}: ${convicted} convicted, ${voids} void on natural data`,
    qualified,
    `honest ${honest}, cheated ${cheated} (${proofBytes} bytes)`,
    (await commitRatio(engine)).toFixed(3),
  ];
  for (const fault of faults) console.error(fault);
  // a graphics engine may be refused kernels, the processor none
  const fair = same === of && (engine !== 'cpu' || refused.length === 0);
  return { cells, honest: fair && honest === 'permitted' && cheated === 'convicted' };
}

const HEAD = [
  'engine',
  'exact models bit-equal to cpu',
  'honest float elements',
  'qualified for',
  'referee',
  'commitment over outputs only',
];

const gpu = gpuName();
const adapter = onSwiftShader() ? 'SwiftShader, in software' : (gpu ?? 'none found');
console.log(`processor: ${cpuName()}\nGPU: ${adapter}`);
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

if (gpu && !onSwiftShader() && rows.some(([engine]) => engine !== 'cpu')) {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = [HEAD, HEAD.map(() => '---'), ...rows].map(line).join('\n');
  const text = `# GPUs\n\nWritten by \`npm run bench:gpu\` on ${gpu}, ${cpuName()}.\n\n${table}\n`;
  writeFileSync(FILE, text);
  console.log('\nwritten: docs/gpu.md');
} else console.log('\nNothing is written: no engine ran on a GPU here.');
// a graphics driver's threads would keep the process
process.exit();
