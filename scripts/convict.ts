/**
 * A large transformer on a local chain: its weights are external data, compiled as they are read; a provider cheats in
 * one element of one inner tensor and is convicted. Prints what each stage took, and the gas of every transaction.
 *   npm run convict -- --params 100M [--compile-only] [--report docs/reports/convict-100m.md]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileAsync, elementCount, setDefaultHasher } from '@essaim/protocol';
import { externalFolder, nativeHasher } from '@essaim/runtime';
import { random } from '../test/random.ts';
import { gaussian } from './bench/models.ts';
import { Court } from './convict/court.ts';
import { writeLargeModel } from './convict/large-model.ts';
import { ledger } from './convict/ledger.ts';
import { parseCount } from './convict/parse-count.ts';
import { compilation, memory, type Outcome, story } from './convict/report.ts';
import { peakMemory, Stages } from './convict/stages.ts';
import { playTrial } from './convict/trial.ts';

const { values } = parseArgs({
  options: {
    params: { type: 'string', default: '100M' },
    'compile-only': { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'essaim-convict-'));
const stages = new Stages();
setDefaultHasher(nativeHasher);

function tell(text: string): void {
  console.log(`\n${text}`);
  if (!values.report) return;
  mkdirSync(dirname(values.report), { recursive: true });
  writeFileSync(values.report, text);
}

let court: Court | undefined;
try {
  const large = await stages.run('write the model and its external data', () =>
    writeLargeModel(folder, parseCount(values.params)),
  );
  const external = externalFolder(folder);
  const program = await stages.run('compile, streaming the weights', () => compileAsync(large.onnx, { external }));
  const command = `npm run convict -- --params ${values.params}${values['compile-only'] ? ' --compile-only' : ''}`;
  const facts = { command, large, program, stages: stages.done };
  if (values['compile-only']) {
    tell(compilation({ ...facts, peak: peakMemory() }));
  } else {
    court = await stages.run('start chain and storage, deploy the protocol', () => Court.open(folder));
    const fromBlock = (await court.chain.getBlockNumber()) + 1;
    const model = await stages.run('register the model', () => court!.register(large, program));
    const input = gaussian(elementCount(program.inputs[0].type), 1, random(3));
    await stages.run('post a job', () => court!.post(model, input));
    const trial = await playTrial(court, model, { folder, external }, stages);
    const entries = await ledger(court.chain, court.deployment, fromBlock);
    const outcome: Outcome = { ...facts, ...trial, entries, peak: peakMemory() };
    tell(story(outcome));
    if (trial.conviction.verdict !== 'convicted') process.exitCode = 1;
  }
  const { peak, most } = memory(large.weightBytes, peakMemory());
  if (peak > most) {
    console.error(`peak memory ${peak} is more than the weights and 1 GiB, ${most}`);
    process.exitCode = 1;
  }
} finally {
  await court?.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
