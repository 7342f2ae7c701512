/** Segments committed to on one engine and made again on another: npm run calibrate, which writes docs/regeneration.md. */
import { writeFileSync } from 'node:fs';
import { compile, EssaimError, elementCount, locate } from '@essaim/protocol';
import { type EngineOptions, openTracer, regenerate, type Trace } from '@essaim/runtime';
import { networks } from '../../protocol/test/program/networks.ts';
import { openWasm } from '../../scripts/lib/engines.ts';
import { onSwiftShader } from '../../scripts/lib/swiftshader.ts';

const FILE = new URL('../../docs/regeneration.md', import.meta.url);
const ENGINES: Readonly<Record<string, EngineOptions>> = {
  'cpu, 1 thread': { threads: 1 },
  'cpu, 2 threads': { threads: 2 },
  wasm: { open: openWasm },
  [onSwiftShader() ? 'WebGPU (SwiftShader)' : 'WebGPU']: { engines: ['webgpu'] },
};

/** Null where the engine is not here, or has no kernel for a node. */
const here = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: unknown) => {
    if (error instanceof EssaimError && error.code === 'ENGINE_NONE') return null;
    throw error;
  });

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const names = Object.keys(ENGINES);
const head = ['network', 'committed on', ...names.map((name) => `again on ${name}`)];
const rows = [row(head), row(head.map(() => '---'))];
let faults = 0;
for (const { name, onnx, inputs } of networks()) {
  const program = compile(onnx);
  const elements = program.values.reduce((sum, { type }) => sum + elementCount(type), 0);
  for (const [committer, options] of Object.entries(ENGINES)) {
    const committed: Trace | null = await here(openTracer(options)(program, onnx, inputs));
    const cells: string[] = [];
    for (const again of names) {
      const made = committed && (await here(regenerate(committed, onnx, ENGINES[again])));
      const fault = made && locate(made.trace, () => undefined);
      if (fault) console.error(`${name}, ${committer}, ${again}: node ${program.operators[fault.op].node} is at fault`);
      if (fault) faults++;
      cells.push(!made ? 'no kernel' : fault ? 'a fault' : `${elements}`);
    }
    rows.push(row([name, committer, ...cells]));
    console.log(rows.at(-1));
  }
}
const text = `# Segments made again

Written by \`npm run calibrate\`. Each network is run and its boundary values are committed to on one engine; all its
segments are made again on another, from those boundary values; every element is judged. A number is how many elements
were judged, none of which is at fault. *No kernel*: the engine is not here, or does not take a node of that network.
WebGPU on SwiftShader is an adapter in software, and says nothing about a GPU.

${rows.join('\n')}
`;
writeFileSync(FILE, text);
// a graphics driver's threads would keep the process
process.exit(faults > 0 ? 1 : 0);
