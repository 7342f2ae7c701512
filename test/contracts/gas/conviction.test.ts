import {
  accusationHash,
  batchId,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
  elementCount,
  ListTree,
  OnnxBuilder,
  toHex,
  ZERO_HASH,
} from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { contractsOf } from '@essaim/sdk';
import { expect } from 'chai';
import { id } from 'ethers';
import { network } from 'hardhat';
import { gaussian } from '../../../scripts/bench/models.ts';
import { assertFigure } from '../../../scripts/figures.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { localHands } from '../../../scripts/lib/genesis.ts';
import { random } from '../../random.ts';

/** Operators beside the judged one, each with a weight of its own: lists as deep as those of a real network. */
const OTHERS = 300;

const integers = (count: number, most: number, next: () => number): number[] =>
  Array.from({ length: count }, () => Math.floor(next() * (2 * most + 1)) - most);

type Build = (model: OnnxBuilder, next: () => number) => { result: string; input: ArrayBufferView };

/** A model whose first operator is the judged one, and 300 additions beside it. */
function modelOf(build: Build): { onnx: Uint8Array; inputs: Uint8Array[] } {
  const model = new OnnxBuilder();
  const { result, input } = build(model, random(1));
  model.output(result);
  let z = model.input('z', 'float32', [1], { low: 0, high: 1, step: 1 });
  for (let i = 0; i < OTHERS; i++) z = model.node('Add', [z, model.floats([1], [i])]);
  model.output(z);
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  return { onnx: model.bytes(), inputs: [bytes, new Uint8Array(4)] };
}

const product =
  (
    kind: 'int8' | 'float32',
    k: number,
    data: (count: number, next: () => number, weights: boolean) => ArrayBufferView,
  ) =>
  (model: OnnxBuilder, next: () => number) => {
    const range = kind === 'int8' ? undefined : { low: -127, high: 127, step: 0 };
    const x = model.input('x', kind, [4, k], range);
    const w = model.initializer('w', kind, [k, 16], data(k * 16, next, true));
    const result = model.node(kind === 'int8' ? 'MatMulInteger' : 'MatMul', [x, w]);
    return { result, input: data(4 * k, next, false) };
  };
const floats = (count: number, next: () => number) => gaussian(count, 1, next);

const CASES: Record<string, { most: number; build: Build }> = {
  'int8-k4096': { most: 600_000, build: product('int8', 4096, (n, next) => Int8Array.from(integers(n, 127, next))) },
  'int-in-fp32-k1024': {
    most: 600_000,
    build: product('float32', 1024, (n, next, weights) => Float32Array.from(integers(n, weights ? 15 : 127, next))),
  },
  'fp32-k1024': { most: 600_000, build: product('float32', 1024, floats) },
  'fp32-k4096': { most: 1_900_000, build: product('float32', 4096, floats) },
  'conv-512x3x3': {
    most: 1_900_000,
    build: (model, next) => {
      const x = model.input('x', 'float32', [1, 512, 4, 4]);
      const w = model.initializer('w', 'float32', [8, 512, 3, 3], gaussian(8 * 512 * 9, 0.02, next));
      const bias = model.initializer('b', 'float32', [8], gaussian(8, 0.1, next));
      const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
      return { result: model.node('Conv', [x, w, bias], { attributes }), input: floats(512 * 16, next) };
    },
  },
  'softmax-1024': {
    most: 750_000,
    build: (model, next) => {
      const x = model.input('x', 'float32', [2, 1024]);
      return { result: model.node('Softmax', [x], { attributes: { axis: -1 } }), input: floats(2048, next) };
    },
  },
  'layernorm-768': {
    most: 550_000,
    build: (model, next) => {
      const x = model.input('x', 'float32', [2, 768]);
      const scale = model.initializer('s', 'float32', [768], gaussian(768, 1, next));
      const bias = model.initializer('b', 'float32', [768], gaussian(768, 0.1, next));
      const attributes = { axis: -1, epsilon: { float: 1e-5 } };
      return { result: model.node('LayerNormalization', [x, scale, bias], { attributes }), input: floats(1536, next) };
    },
  },
};

/** Gas of accusation and proof against one wrong element of the judged operator. */
async function convictionGas(name: string, build: Build): Promise<number> {
  const { ethers } = await network.getOrCreate();
  const [founder, client, challenger] = await ethers.getSigners();
  const { Claims, Referee, Accusations } = contractsOf(
    await deployProtocol(founder, localHands(founder.address)),
    client,
  );
  const { onnx, inputs } = modelOf(build);
  const program = compile(onnx);
  const op = program.operators.findIndex(({ name: operator }) => operator !== 'Relayout');
  const value = program.operators[op].firstValue;
  const honest = await openTracer()(program, onnx, inputs);
  const { type, bytes } = honest.values[value]!;
  const element = Math.floor(elementCount(type) / 3);
  const wrong = new Uint8Array(bytes);
  const view = new DataView(wrong.buffer);
  if (type.dtype === 'float32') view.setFloat32(4 * element, view.getFloat32(4 * element, true) * 2 + 1, true);
  else wrong[4 * element + 2] ^= 1;
  const execution = { ...honest, values: honest.values.with(value, commitTensor(type, wrong)) };

  const { chainId } = await ethers.provider.getNetwork();
  const subject = id(name);
  const context = contextHash({ chainId, client: client.address, subject, position: 0, continues: ZERO_HASH });
  const batch = new ListTree([claimHash(claimOf(execution, context))]);
  await (await Claims.submit(subject, batch.root, 1, client.address, 1, 1)).wait();
  const { proof, verdict } = buildFaultProof(execution, { context, leaf: 0, batch }, { op, output: 0, element });
  expect(verdict).to.equal('convicted');

  const id_ = batchId(client.address, subject);
  const salt = id('salt');
  const accusation = accusationHash(id_, proof, challenger.address, salt);
  const accused = await (await Accusations.connect(challenger).accuse(accusation)).wait();
  const proven = await (await Referee.connect(challenger).proveFault(id_, toHex(proof), salt)).wait();
  return Number(accused!.gasUsed + proven!.gasUsed);
}

describe('Gas of a conviction, accusation and proof together', () => {
  for (const [name, { most, build }] of Object.entries(CASES)) {
    it(`${name} stays below ${most.toLocaleString('en')}`, async () => {
      const value = await convictionGas(name, build);
      assertFigure(`gas.conviction.${name}`, { value, unit: 'gas', aim: { atMost: most }, command: 'npm run gas' });
    });
  }
});
