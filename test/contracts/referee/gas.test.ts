import { batchId, commitTensor, type Judge, type Tensor, type TensorType } from '@essaim/protocol';
import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { Random } from '../judges/random.ts';
import { Circuit, Execution, type Layer } from './circuit.ts';
import { accuseAndProve, deployWorld, dotJudge, ieeeJudge, send, type as typeOf, type World } from './world.ts';

/** Operators and values of each program: lists of depth 9. */
const OPERATORS = 512;
const ANY = { low: -Infinity, high: Infinity, step: 0 };
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('Gas of a whole fault proof, in a program of 512 operators', () => {
  let world: World;
  before(async () => {
    world = await deployWorld();
  });

  /** Gas of convicting element 0 of the first operator, whose result is `wrong`. */
  async function gasOf(
    judge: Judge,
    first: Layer,
    inputs: Tensor[],
    weights: Tensor[],
    wrong: Tensor,
  ): Promise<number> {
    const filler = typeOf('float32', [1]);
    const fill = commitTensor(filler, new Uint8Array(4));
    const rest: Layer[] = Array.from({ length: OPERATORS - 1 }, () => ({
      name: 'Relu',
      since: 14,
      judge: world.codes.IeeeJudge,
      inputs: [{ kind: 'input', index: inputs.length - 1 }],
      outputs: [filler],
    }));
    const declared = inputs.map(({ type }) => ({ type, range: ANY }));
    const circuit = new Circuit([first, ...rest], declared, weights);
    const subject = id(`gas ${inputs[0].root}`);
    const context = { chainId: world.chainId, client: world.client.address, subject, position: 0, continues: ZeroHash };
    const values = [wrong, ...rest.map(() => fill)];
    const execution = new Execution(circuit, inputs, values, context);
    await send(world.claims, world.client, 'submit', subject, execution.hash, 1, world.executor.address, 1n, 1);
    const batch = batchId(world.client.address, subject);
    const proof = execution.proof(judge, 0, 0);
    const receipt = await (await accuseAndProve(world, world.referee, 'proveFault', batch, proof)).wait();
    return Number(receipt!.gasUsed);
  }
  const matrix = (
    name: string,
    since: number,
    k: number,
    a: TensorType['dtype'],
    y: TensorType['dtype'],
    fill: () => number,
  ) => {
    const numbers = () => (a === 'int8' ? new Int8Array(4 * k).map(fill) : new Float32Array(4 * k).map(fill));
    const x = commitTensor(typeOf(a, [4, k]), bytesOf(numbers()));
    const w = commitTensor(typeOf(a, [k, 4], 0x01), bytesOf(numbers()));
    const result = typeOf(y, [4, 4]);
    const layer: Layer = {
      name,
      since,
      judge: world.codes.DotJudge,
      inputs: [
        { kind: 'input', index: 0 },
        { kind: 'weight', index: 0 },
      ],
      outputs: [result],
    };
    const weights = Array.from({ length: 128 }, () => w);
    return [layer, [x], weights, commitTensor(result, new Uint8Array(64).fill(0x3f))] as const;
  };

  it('of an int8 dot product of 4,096 terms is at most 470,000', async () => {
    const random = new Random(1);
    const [layer, x, w, y] = matrix('MatMulInteger', 10, 4096, 'int8', 'int32', () => random.between(-127, 127));
    expect(await gasOf(dotJudge, layer, [...x], [...w], y)).to.be.at.most(470_000);
  });
  it('of a dot product of 1,024 integers carried in float32 is at most 460,000', async () => {
    const random = new Random(2);
    const [layer, x, w, y] = matrix('MatMul', 13, 1024, 'float32', 'float32', () => random.between(-127, 127));
    expect(await gasOf(dotJudge, layer, [...x], [...w], y)).to.be.at.most(460_000);
  });
  it('of any float32 dot product of 1,024 terms is at most 520,000', async () => {
    const random = new Random(3);
    const [layer, x, w, y] = matrix(
      'MatMul',
      13,
      1024,
      'float32',
      'float32',
      () => random.between(-1e6, 1e6) / 999_983,
    );
    expect(await gasOf(dotJudge, layer, [...x], [...w], y)).to.be.at.most(520_000);
  });
  it('of one element of a Relu is at most 200,000', async () => {
    const shape = typeOf('float32', [4096]);
    const random = new Random(4);
    const x = commitTensor(shape, bytesOf(Float32Array.from({ length: 4096 }, () => random.between(-99, 99) / 7)));
    const layer: Layer = {
      name: 'Relu',
      since: 14,
      judge: world.codes.IeeeJudge,
      inputs: [{ kind: 'input', index: 0 }],
      outputs: [shape],
    };
    const y = commitTensor(
      shape,
      x.bytes.map((byte) => byte ^ 1),
    );
    expect(await gasOf(ieeeJudge, layer, [x], [], y)).to.be.at.most(200_000);
  });
});
