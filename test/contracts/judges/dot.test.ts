import type { DType } from '@essaim/protocol';
import { expect } from 'chai';
import { dotJudge } from '../../../protocol/src/judges/dot.ts';
import { Bench } from './bench.ts';
import {
  CHANNELS_LAST,
  type Convolution,
  convolveExactly,
  dotSample,
  numbersOf,
  outputSize,
  swapped,
} from './dot-samples.ts';
import { bitsOf, bytesOf, canonical } from './floats.ts';
import { Random } from './random.ts';
import { runOnnx, type Sample, type Spec, type Tensor, tensor } from './sample.ts';

const random = new Random(23);
const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const int32 = (values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);

/** Numbers as models have them: normal, or small integers, or multiples of a power of two. */
function numbers(dims: number[], kind: 'real' | 'integer' | 'scaled'): Tensor {
  const one = (): number => {
    if (kind === 'real') return random.below(2 ** 32) / 2 ** 31 - 1;
    return random.between(-127, 127) * (kind === 'scaled' ? 2 ** -7 : 1);
  };
  return { dtype: 'float32', dims, bytes: bytesOf(Array.from({ length: size(dims) }, () => bitsOf(one()))) };
}
const KINDS = ['real', 'integer', 'scaled'] as const;

describe('DotJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(dotJudge);
  });
  afterEach(() => bench.flush());

  /** Up to `most` random elements of what ONNX Runtime makes, or else of `exact`, which must be equal. */
  async function examine(spec: Spec, layouts: number[], most: number, exact?: Uint8Array): Promise<Sample> {
    const run = await runOnnx(spec).catch((error) => {
      if (exact) return null;
      throw error;
    });
    if (run) bench.counts.fromOnnxRuntime++;
    if (run && exact) expect(run, spec.name).to.deep.equal(exact);
    const results = exact ?? canonical(run!);
    const sample = dotSample(spec, layouts, random.layout(spec.output.dims.length), results);
    dotJudge.admit(sample.op);
    const count = size(spec.output.dims);
    for (const element of random.shuffled([...Array(count).keys()]).slice(0, most)) {
      await bench.examineElement(sample, element, random);
    }
    return sample;
  }

  it('agree on ONNX Runtime’s MatMul of every rank, batches broadcast', async () => {
    for (const [a, b, y] of [
      [
        [3, 5],
        [5, 4],
        [3, 4],
      ],
      [[7], [7], []],
      [[9], [9, 3], [3]],
      [[4, 6], [6], [4]],
      [
        [2, 3, 8],
        [2, 8, 5],
        [2, 3, 5],
      ],
      [
        [2, 3, 8],
        [8, 5],
        [2, 3, 5],
      ],
      [
        [3, 8],
        [2, 8, 5],
        [2, 3, 5],
      ],
      [
        [2, 1, 3, 4],
        [3, 4, 2],
        [2, 3, 3, 2],
      ],
      [
        [1, 3, 2, 33],
        [2, 3, 33, 2],
        [2, 3, 2, 2],
      ],
      [[8], [2, 8, 5], [2, 5]],
      [[2, 2, 3, 8], [8], [2, 2, 3]],
    ]) {
      for (const kind of KINDS) {
        const inputs = [numbers(a, kind), numbers(b, kind)];
        const spec: Spec = {
          name: 'MatMul',
          since: random.pick([9, 13]),
          inputs,
          output: { dtype: 'float32', dims: y },
        };
        await examine(spec, [0, swapped(b.length)], 12);
      }
    }
  });

  it('agree on ONNX Runtime’s Gemm, transposed or not, with any bias', async () => {
    for (const [transA, transB] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      for (const bias of [null, [], [1], [4], [3, 1], [1, 4], [3, 4]]) {
        const [m, k, n] = [3, random.between(1, 20), 4];
        const kind = random.pick(KINDS);
        const inputs = [numbers(transA ? [k, m] : [m, k], kind), numbers(transB ? [n, k] : [k, n], kind)];
        if (bias) inputs.push(numbers(bias, kind));
        const spec: Spec = {
          name: 'Gemm',
          since: random.pick([7, 9, 11, 13]),
          words: [transA, transB, 0x3f800000, 0x3f800000],
          inputs,
          output: { dtype: 'float32', dims: [m, n] },
          node: (b, names) => b.node('Gemm', names, { attributes: { transA, transB } }),
        };
        await examine(spec, [transA ? 0x01 : 0, transB ? 0 : 0x01], 8);
      }
    }
  });

  it('agree on ONNX Runtime’s Conv with groups, strides, pads, dilations and bias', async () => {
    for (const c of CONVOLUTIONS) {
      for (const kind of KINDS) {
        const [x, w] = shapes(c);
        const inputs = [numbers(x, kind), numbers(w, kind)];
        if (random.chance(60)) inputs.push(numbers([w[0]], kind));
        const dims = [x[0], w[0], ...outputSize(c, x.slice(2), w.slice(2))];
        await examine(
          convSpec('Conv', random.pick([1, 11]), c, inputs, 'float32', dims),
          [CHANNELS_LAST, CHANNELS_LAST],
          25,
        );
      }
    }
  });

  it('agree on MatMulInteger of both signednesses, with zero points for all, rows or columns', async () => {
    for (const dtype of ['int8', 'uint8'] as const) {
      for (const zeros of [[], [[]], [[1], [1]], [null, [5]], [[3], null], [[3], [5]], [[], []]]) {
        const k = random.pick([1, 31, 32, 33, 64, 100]);
        const inputs: (Tensor | null)[] = [tensor(random, dtype, [3, k]), tensor(random, dtype, [k, 5])];
        for (const dims of zeros) inputs.push(dims && tensor(random, dtype, dims));
        const [a, b, zeroA, zeroB] = inputs.map((t) => (t ? numbersOf(dtype, t.bytes) : [0]));
        const exact: number[] = [];
        for (let i = 0; i < 15; i++) {
          const [row, column] = [Math.floor(i / 5), i % 5];
          let sum = 0;
          for (let j = 0; j < k; j++) {
            sum += (a[row * k + j] - at(zeroA, row)) * (b[j * 5 + column] - at(zeroB, column));
          }
          exact.push(sum);
        }
        const spec: Spec = { name: 'MatMulInteger', since: 10, inputs, output: { dtype: 'int32', dims: [3, 5] } };
        await examine(spec, [0, 0x01], 15, int32(exact));
      }
    }
  });

  it('agree on ConvInteger, whose padding is the zero point', async () => {
    for (const dtype of ['int8', 'uint8'] as const) {
      for (const c of CONVOLUTIONS) {
        const [x, w] = shapes(c);
        const zeros = random.pick([[], [[]], [[], []], [[1], [w[0]]], [null, [1]]]);
        const inputs: (Tensor | null)[] = [tensor(random, dtype, x), tensor(random, dtype, w)];
        for (const dims of zeros) inputs.push(dims && tensor(random, dtype, dims));
        const [image, filters, zeroX, zeroW] = inputs.map((t) => (t ? numbersOf(dtype, t.bytes) : [0]));
        const perFilter = size(w) / w[0];
        const exact = convolveExactly(
          c,
          { dims: x, values: image.map((v) => v - at(zeroX, 0)) },
          { dims: w, values: filters.map((v, i) => v - at(zeroW, Math.floor(i / perFilter))) },
        );
        const spec = convSpec('ConvInteger', 10, c, inputs, 'int32', exact.dims);
        await examine(spec, [CHANNELS_LAST, CHANNELS_LAST], 16, int32(exact.values));
      }
    }
  });

  it('permit anything where padding meets an infinite weight, and the bias where the window misses the image', async () => {
    const c: Convolution = { strides: [3, 3], pads: [2, 2, 2, 2], dilations: [1, 1], group: 1 };
    const weights = numbers([1, 1, 2, 2], 'real');
    const inputs = [numbers([1, 1, 2, 2], 'real'), weights, numbers([1], 'real')];
    const spec = convSpec('Conv', 11, c, inputs, 'float32', [1, 1, 2, 2]);
    const lonely = await examine(spec, [CHANNELS_LAST, CHANNELS_LAST], 4);
    const bias = new DataView(inputs[2].bytes.buffer).getUint32(0, true);
    expect(await bench.claim(lonely, 0, BigInt(bias))).to.equal('permitted');
    expect(await bench.claim(lonely, 0, BigInt(bias + 1))).to.equal('convicted');
    weights.bytes.set(bytesOf([0x7f800000]), 0);
    const broken = dotSample(spec, [CHANNELS_LAST, CHANNELS_LAST], 0, new Uint8Array(16));
    expect(await bench.claim(broken, 0, 0x12345678n)).to.equal('permitted');
  });

  it('refuse factors, layouts and types that the contract does not take, naming the node', () => {
    const inputs = [numbers([2, 3], 'real'), numbers([3, 2], 'real')];
    const output = { dtype: 'float32' as DType, dims: [2, 2] };
    const { op } = dotSample({ name: 'MatMul', since: 13, inputs, output }, [0, 1], 0, new Uint8Array(16));
    dotJudge.admit(op);
    expect(() =>
      dotJudge.admit({ ...op, inputTypes: [op.inputTypes[0], { ...op.inputTypes[1]!, layout: 0 }] }),
    ).to.throw('MatMul#0');
    expect(() => dotJudge.admit({ ...op, outputTypes: [{ ...op.outputTypes[0], dims: [2, 3] }] })).to.throw('[2,3]');
    expect(() =>
      dotJudge.admit({ ...op, inputTypes: op.inputTypes.map((t) => ({ ...t!, dtype: 'int32' as DType })) }),
    ).to.throw('int32');
    const words = [0, 0, 0x3f800000, 0x40000000];
    const gemm = dotSample({ name: 'Gemm', since: 13, words, inputs, output }, [0, 1], 0, new Uint8Array(16));
    expect(() => dotJudge.admit(gemm.op)).to.throw('alpha and beta');
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.gas);
    expect(bench.counts.permitted).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(1500);
    expect(bench.counts.fromOnnxRuntime).to.be.above(80);
  });
});

const at = (zeros: number[] | undefined, index: number): number => (zeros ? zeros[zeros.length === 1 ? 0 : index] : 0);

const CONVOLUTIONS: Convolution[] = [
  { strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1 },
  { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 },
  { strides: [2, 1], pads: [1, 2, 0, 1], dilations: [1, 1], group: 1 },
  { strides: [1, 2], pads: [2, 2, 2, 2], dilations: [2, 2], group: 1 },
  { strides: [2, 2], pads: [1, 1, 1, 1], dilations: [2, 1], group: 1 },
  { strides: [1, 1], pads: [1, 0, 1, 0], dilations: [1, 1], group: 2 },
  { strides: [2, 2], pads: [1, 1, 1, 1], dilations: [1, 2], group: 4 },
];

/** Dimensions of an image and filters that suit the convolution. */
function shapes(c: Convolution): [number[], number[]] {
  const depth = random.between(1, 3);
  const image = [random.between(1, 2), depth * c.group, random.between(5, 7), random.between(5, 8)];
  return [image, [c.group * random.between(1, 2), depth, random.between(1, 3), random.between(1, 3)]];
}

function convSpec(
  name: string,
  since: number,
  c: Convolution,
  inputs: (Tensor | null)[],
  dtype: DType,
  dims: number[],
): Spec {
  const { strides, pads, dilations, group } = c;
  return {
    name,
    since,
    words: [...strides, pads[0], pads[1], ...dilations, group],
    inputs,
    output: { dtype, dims },
    node: (b, names) => b.node(name, names, { attributes: { strides, pads, dilations, group } }),
  };
}
