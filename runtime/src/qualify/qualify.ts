import {
  canonicalNaN,
  edgesOf,
  elementCount,
  judgeElement,
  type OnnxModel,
  type Operator,
  type Program,
  ratioTo,
  toLayout,
  writeOnnx,
} from '@essaim/protocol';
import * as ort from 'onnxruntime-node';
import type { Engine, EngineOptions } from '../engine.ts';
import { openSession } from '../node-engine.ts';
import { readModel } from '../read-model.ts';
import { seeded } from '../seeded.ts';
import { type SingleNode, singleNodes } from '../single-nodes.ts';
import { fromOrt } from '../tensors.ts';
import { advise } from './advice.ts';
import { operandsOf } from './operands.ts';
import { PATTERNS } from './patterns.ts';

/** Runs a model of one node on float32 inputs, row-major; gives its output's bytes. */
export type NodeRunner = (
  onnx: Uint8Array,
  inputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>>,
  output: string,
) => Promise<Uint8Array>;

/** How an engine did on one kind of operator of a program. */
export interface KernelFinding {
  readonly node: string;
  readonly operator: string;
  /** Operand and result shapes. */
  readonly shape: string;
  readonly elements: number;
  readonly convicted: number;
  /** Void elements on natural data. */
  readonly voids: number;
  /** Worst distance from the middle of the interval, in half widths: natural data over sharp, all over the contract. */
  readonly sharp: number;
  readonly contract: number;
  /** The data on which it did worst. */
  readonly data: string;
}

export interface Qualification {
  readonly engine: Engine | 'given';
  /** Whether an honest provider on this engine is safe: nothing was convicted, and nothing natural is void. */
  readonly qualified: boolean;
  readonly kernels: readonly KernelFinding[];
  /** What to turn off or change, in words; empty where it is qualified. */
  readonly advice: readonly string[];
}

export interface QualifyOptions extends EngineOptions {
  /** Runs nodes in the place of ONNX Runtime's engines. */
  readonly run?: NodeRunner;
  readonly seed?: number;
}

/** Most elements that are judged of one output. */
const MOST = 48;

/**
 * Runs adversarial and natural data through every kernel shape of a program (`onnx` is the model that it was compiled
 * from) on an engine, judges the results, and says what breaks the kernel contract and what to turn off.
 */
export async function qualify(
  program: Program,
  onnx: Uint8Array,
  options: QualifyOptions = {},
): Promise<Qualification> {
  const { run, seed = 1, ...engines } = options;
  let engine: Qualification['engine'] = 'given';
  const runner: NodeRunner =
    run ??
    (async (model, inputs, output) => {
      const opened = await openSession(model, engines);
      engine = opened.engine;
      const feeds = Object.entries(inputs).map(([name, { data, dims }]) => [
        name,
        new ort.Tensor('float32', data, dims),
      ]);
      const bytes = fromOrt((await opened.session.run(Object.fromEntries(feeds)))[output]).slice();
      await opened.session.release();
      return bytes;
    });
  const next = seeded(seed);
  const kernels: KernelFinding[] = [];
  for (const node of kernelsOf(program, onnx, engines.folder)) {
    const model = readModel(node.onnx, engines.folder);
    kernels.push(await examine(program, node, model, runner, next));
  }
  const advice = advise(engine, engines.threads ?? 1, kernels);
  return { engine, qualified: advice.length === 0, kernels, advice };
}

/** One node for each kind of float operator: kernels are chosen by type, shape, attributes, and what is a weight. */
function kernelsOf(program: Program, onnx: Uint8Array, folder?: string): SingleNode[] {
  const known = new Map<string, SingleNode>();
  for (const node of singleNodes(program, onnx, folder)) {
    if (!node) continue;
    const { op } = node;
    const types = [...op.inputTypes, ...op.outputTypes];
    if (types.some((type) => type && type.dtype !== 'float32')) continue;
    const key = [
      op.opcode,
      op.attributes,
      JSON.stringify(types),
      op.inputs.map(({ kind }) => kind === 'weight'),
    ].join();
    if (!known.has(key)) known.set(key, node);
  }
  return [...known.values()];
}

async function examine(
  program: Program,
  node: SingleNode,
  model: OnnxModel,
  run: NodeRunner,
  next: () => number,
): Promise<KernelFinding> {
  const { op } = node;
  const worst = { elements: 0, convicted: 0, voids: 0, sharp: 0, contract: 0, data: '' };
  for (const pattern of PATTERNS) {
    const operands = operandsOf(node, pattern, next);
    const { onnx, inputs } = filled(model, op, operands);
    const result = await run(onnx, inputs, node.output);
    const [type] = op.outputTypes;
    const claimed = toLayout(type, canonicalNaN(type, result));
    const bytes = op.inputTypes.map((operand, slot) => {
      if (!operand) return new Uint8Array(0);
      const { kind, index } = op.inputs[slot];
      if (kind === 'weight' && !replaced(op, slot)) return program.weights[index].bytes;
      return toLayout(operand, new Uint8Array(operands[first(op, slot)]!.buffer));
    });
    const slotOf = (kind: string, index: number): number =>
      op.inputs.findIndex((ref) => ref.kind === kind && ref.index === index);
    const isOutput = (kind: string, index: number): boolean =>
      (kind === 'value' || kind === 'inner') && index === op.firstValue;
    const count = elementCount(type);
    const sample = Math.min(count, MOST);
    for (let i = 0; i < sample; i++) {
      const element = Math.floor((i * count) / sample);
      const judged = judgeElement(program, op, 0, element, (kind, index) => ({
        bytes: isOutput(kind, index) ? claimed : bytes[slotOf(kind, index)],
      }));
      const edges = edgesOf(judged.permitted, judged.claimed);
      worst.elements++;
      if (judged.verdict === 'convicted') worst.convicted++;
      if (judged.verdict === 'void' && pattern.natural) worst.voids++;
      const x = new Float32Array(Uint32Array.of(Number(judged.claimed)).buffer)[0];
      const contract = edges ? ratioTo(edges.contract, x) : judged.verdict === 'convicted' ? Infinity : 0;
      if (pattern.natural && edges) worst.sharp = Math.max(worst.sharp, ratioTo(edges.sharp, x));
      if (contract > worst.contract) [worst.contract, worst.data] = [contract, pattern.name];
    }
  }
  const shapes = [...op.inputTypes, ...op.outputTypes].map((type) => (type ? `[${type.dims}]` : 'none'));
  return { node: op.node, operator: op.name, shape: shapes.join(' '), ...worst };
}

/** Products are tried on weights that suit the data; other operators keep their own. */
const replaced = (op: Operator, slot: number): boolean =>
  op.inputs[slot].kind === 'weight' && ['MatMul', 'Gemm', 'Conv'].includes(op.name);

/** The first slot with the same operand: an operator may have one twice. */
const first = (op: Operator, slot: number): number =>
  op.inputs.findIndex(({ kind, index }) => kind === op.inputs[slot].kind && index === op.inputs[slot].index);

/** The node with these operands: products' weights replaced, and what is no weight to be fed. */
function filled(model: OnnxModel, op: Operator, operands: readonly (Float32Array | null)[]) {
  const node = model.nodes.at(-1)!;
  const place = (name: string): number => node.inputs.indexOf(name);
  const inputs = Object.fromEntries(
    model.inputs.map(({ name, dims }) => [name, { dims: dims as number[], data: operands[place(name)]! }]),
  );
  const initializers = model.initializers.map((tensor) => {
    const slot = place(tensor.name);
    const data = op.inputs[slot] && replaced(op, slot) ? operands[slot] : null;
    return data ? { ...tensor, bytes: new Uint8Array(data.buffer) } : tensor;
  });
  return { onnx: writeOnnx({ ...model, initializers }), inputs };
}
