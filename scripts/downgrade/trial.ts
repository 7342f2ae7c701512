import { compile, defaultJudges, elementCount, type Fault, type Judges, locate, type Program } from '@essaim/protocol';
import { Executor, type WholeExecution, wholeExecution } from '@essaim/runtime';
import { random } from '../../test/random.ts';
import { gaussian } from '../bench/models.ts';
import { type Lie, tamper } from '../demo/tamper.ts';
import type { Runner } from '../lib/engines.ts';
import { cheatsOn } from './cheats.ts';
import type { Network } from './networks.ts';

/** Cheats on any network, beside those that change it. */
export const [ONE_ELEMENT, CACHED] = ['one wrong element', 'a cached answer'];

/** What became of one way to run a network. */
export interface Finding {
  readonly what: string;
  readonly honest: boolean;
  readonly fault: Fault | null;
  readonly elements: number;
}

export interface TrialOptions {
  /** Engines on which honest providers run, and by turns the verifier; cheats run on the native one. */
  readonly runners: readonly Runner[];
  /** Whether every differing element of honest traces is judged, or a sample of each value. */
  readonly thorough: boolean;
}

/** Runs a network with seeded weights and input in every honest and dishonest way, and looks for faults in each. */
export async function trial(network: Network, seed: number, { runners, thorough }: TrialOptions): Promise<Finding[]> {
  const onnx = network.build(random(seed));
  const program = compile(onnx);
  const input = (salt: number): Float32Array =>
    gaussian(
      network.input.reduce((a, b) => a * b, 1),
      1,
      random(seed * 1000 + salt),
    );
  const bytes = [new Uint8Array(input(1).buffer)];
  const run = (model: Uint8Array, inputs = bytes): Promise<WholeExecution> => execute(program, model, inputs);
  const names = program.values.flatMap(({ source }) => ('onnx' in source ? [source.onnx] : []));
  const traces: { name: string; trace: WholeExecution }[] = [];
  for (const { name, run: runOn } of runners) {
    const results = await runOn(onnx, { x: { dims: network.input, data: input(1) } }, names);
    traces.push({ name, trace: wholeExecution(program, bytes, results) });
  }
  const own = traces[seed % traces.length].trace;
  const find = (what: string, honest: boolean, trace: WholeExecution, whole = false): Finding => {
    let elements = 0;
    const judges: Judges = {
      ...defaultJudges,
      judgeOf(op) {
        elements++;
        return defaultJudges.judgeOf(op);
      },
    };
    const fault = locate(trace, (value) => own.values[value].bytes, { judges, thorough: whole });
    return { what, honest, fault, elements };
  };
  const found: Finding[] = [];
  for (const { name, trace } of traces) found.push(find(name, true, trace, thorough));
  for (const [what, change] of Object.entries(cheatsOn(network))) {
    found.push(find(what, false, await run(network.build(random(seed), change))));
  }
  found.push(find(ONE_ELEMENT, false, await run(tamper(onnx, program, lieIn(program, random(seed * 1000 + 3))))));
  const another = await run(onnx, [new Uint8Array(input(2).buffer)]);
  found.push(find(CACHED, false, { ...another, inputs: own.inputs }));
  return found;
}

/** One element of one value, drawn by chance, by a quarter; everything after it is computed from it. */
function lieIn({ values }: Program, next: () => number): Lie {
  const floats = values.filter(({ source, type }) => 'onnx' in source && type.dtype === 'float32');
  const { source, type } = floats[Math.floor(next() * floats.length)];
  const element = Math.floor(next() * elementCount(type));
  return { tensor: 'onnx' in source ? source.onnx : '', element, delta: 0.25 };
}

async function execute(program: Program, onnx: Uint8Array, inputs: readonly Uint8Array[]): Promise<WholeExecution> {
  const executor = await Executor.open(program, onnx, { trace: 'whole' });
  const trace = wholeExecution(program, inputs, await executor.run(inputs));
  await executor.close();
  return trace;
}
