import {
  accusationHash,
  batchId,
  buildFaultProof,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  contextHash,
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
import { assertFigure } from '../../../scripts/figures.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { random } from '../../random.ts';

/** Operators beside the product, each with a weight of its own: lists as deep as those of a real network. */
const OTHERS = 300;
const ROWS = 4;
const COLUMNS = 16;

const integers = (count: number, most: number, next: () => number): number[] =>
  Array.from({ length: count }, () => Math.floor(next() * (2 * most + 1)) - most);

/** A product of `k` terms and then 300 additions, in int8 or in integers carried by float32. */
function model(kind: 'int8' | 'float32', k: number): { onnx: Uint8Array; input: Uint8Array } {
  const next = random(k);
  const build = new OnnxBuilder();
  const Elements = kind === 'int8' ? Int8Array : Float32Array;
  const x = build.input('x', kind, [ROWS, k], { low: -127, high: 127, step: 1 });
  const weights = Elements.from(integers(k * COLUMNS, kind === 'int8' ? 127 : 15, next));
  const w = build.initializer('w', kind, [k, COLUMNS], weights);
  let y = build.node(kind === 'int8' ? 'MatMulInteger' : 'MatMul', [x, w], { outputs: ['product'] });
  for (let i = 0; i < OTHERS; i++) {
    const one = kind === 'int8' ? Int32Array.of(i) : Float32Array.of(i);
    const c = build.initializer(`c${i}`, kind === 'int8' ? 'int32' : 'float32', [1], one);
    y = build.node('Add', [y, c], i === OTHERS - 1 ? { outputs: ['y'] } : {});
  }
  build.output('y');
  // an output, so that the trace commits to it and its fault is one transaction
  build.output('product');
  return { onnx: build.bytes(), input: new Uint8Array(Elements.from(integers(ROWS * k, 127, next)).buffer) };
}

/** Gas of accusation and proof against one wrong element of the product. */
async function convictionGas(kind: 'int8' | 'float32', k: number): Promise<{ gas: number; bytes: number }> {
  const { ethers } = await network.getOrCreate();
  const [founder, client, challenger] = await ethers.getSigners();
  const genesis = { holders: { [founder.address]: 10n ** 27n }, proposer: founder.address };
  const { Claims, Referee, Accusations } = contractsOf(await deployProtocol(founder, genesis), client);
  const { onnx, input } = model(kind, k);
  const program = compile(onnx);
  const honest = await openTracer()(program, onnx, [input]);
  const { type, bytes } = honest.values[0]!;
  const wrong = new Uint8Array(bytes);
  wrong[4 * 21 + 2] ^= 1;
  const execution = { ...honest, values: [commitTensor(type, wrong), ...honest.values.slice(1)] };

  const { chainId } = await ethers.provider.getNetwork();
  const subject = id(`${kind} ${k}`);
  const context = contextHash({ chainId, client: client.address, subject, position: 0, continues: ZERO_HASH });
  const batch = new ListTree([claimHash(claimOf(execution, context))]);
  await (await Claims.submit(subject, batch.root, 1, client.address, 1, 1)).wait();
  const place = { context, leaf: 0, batch };
  const { proof, verdict } = buildFaultProof(execution, place, { op: 0, output: 0, element: 21 });
  expect(verdict).to.equal('convicted');

  const id_ = batchId(client.address, subject);
  const salt = id('salt');
  const accusation = accusationHash(id_, proof, challenger.address, salt);
  const accused = await (await Accusations.connect(challenger).accuse(accusation)).wait();
  const proven = await (await Referee.connect(challenger).proveFault(id_, toHex(proof), salt)).wait();
  return { gas: Number(accused!.gasUsed + proven!.gasUsed), bytes: proof.length };
}

describe('Gas of a conviction, accusation and proof together', () => {
  for (const [name, kind, k] of [
    ['int8-k4096', 'int8', 4_096],
    ['int-in-fp32-k1024', 'float32', 1_024],
  ] as const) {
    it(`${name} stays below 600,000`, async () => {
      const { gas } = await convictionGas(kind, k);
      assertFigure(`gas.conviction.${name}`, {
        value: gas,
        unit: 'gas',
        aim: { atMost: 600_000 },
        command: 'npm run gas',
      });
    });
  }
});
