import { DTYPES, type DType } from '@essaim/protocol';
import { expect } from 'chai';
import { orderJudge } from '../../../protocol/src/judges/order.ts';
import { Bench } from './bench.ts';
import { Random, writeElement } from './random.ts';
import { type Spec, type Tensor, tensor } from './sample.ts';

const random = new Random(3);

/** Few distinct values, so that there are ties; zeros of both signs and infinities among floats. */
function tied(dtype: DType, dims: number[]): Tensor {
  const out = tensor(random, dtype, dims);
  const { size } = DTYPES[dtype];
  const few =
    dtype === 'float32'
      ? [0n, 0x80000000n, 0x3f800000n, 0xbf800000n, 0xff800000n, 0x7f800000n, 1n, 2n, 0x80000003n]
      : Array.from({ length: 3 }, () => random.bits(dtype));
  const kinds = random.between(1, few.length);
  const plain = random.chance(40);
  for (let i = 0; i < out.bytes.length / size && !plain; i++)
    writeElement(out.bytes, i, size, few[random.below(kinds)]);
  return out;
}

function arg(name: string, dtype: DType): Spec {
  const dims = random.dims(random.between(1, 4), 6);
  const axis = random.below(dims.length);
  const keepdims = random.below(2);
  const last = random.below(2);
  return {
    name,
    since: 13,
    words: [axis, keepdims, last],
    inputs: [tied(dtype, dims)],
    output: { dtype: 'int64', dims: keepdims ? dims.with(axis, 1) : dims.toSpliced(axis, 1) },
    node: (b, names) => b.node(name, names, { attributes: { axis, keepdims, select_last_index: last } }),
  };
}

function pool(dtype: DType, since: number, bits?: () => bigint): Spec {
  const [kh, kw] = [random.between(1, 4), random.between(1, 4)];
  const [sy, sx] = [random.between(1, 3), random.between(1, 3)];
  const [dy, dx] = [random.between(1, 2), random.between(1, 2)];
  const [py, px, ey, ex] = [kh, kw, kh, kw].map((k) => random.below(k));
  const spans = [(kh - 1) * dy + 1, (kw - 1) * dx + 1];
  const dims = [random.between(1, 2), random.between(1, 3), spans[0] + random.below(5), spans[1] + random.below(5)];
  const h = Math.floor((dims[2] + py + ey - spans[0]) / sy) + 1;
  const w = Math.floor((dims[3] + px + ex - spans[1]) / sx) + 1;
  const x = tied(dtype, dims);
  if (bits) for (let i = 0; i < x.bytes.length / 4; i++) writeElement(x.bytes, i, 4, bits());
  return {
    name: 'MaxPool',
    since,
    words: [kh, kw, sy, sx, py, px, dy, dx],
    inputs: [x],
    output: { dtype, dims: [dims[0], dims[1], h, w] },
    node: (b, names) =>
      b.node('MaxPool', names, {
        attributes: { kernel_shape: [kh, kw], strides: [sy, sx], pads: [py, px, ey, ex], dilations: [dy, dx] },
      }),
  };
}

describe('OrderJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(orderJudge);
    bench.strict = true;
  });

  for (const name of ['ArgMax', 'ArgMin']) {
    it(`agree on ${name}, with ties, both tie rules and zeros of both signs`, async () => {
      for (const dtype of ['float32', 'int32', 'int8', 'uint8', 'int64'] as const) {
        for (let i = 0; i < 16; i++) {
          await bench.examine(arg(name, dtype), random, 5);
        }
      }
      await bench.flush();
    });
  }

  it('agree on MaxPool with strides, pads and dilations', async () => {
    for (const dtype of ['float32', 'int8', 'uint8'] as const) {
      bench.strict = dtype !== 'float32';
      for (let i = 0; i < 30; i++) await bench.examine(pool(dtype, i % 2 ? 12 : 22), random, 5);
    }
    await bench.flush();
  });

  it('H10: permit what ONNX Runtime makes of windows with NaN and infinities', async () => {
    bench.strict = false;
    const odd = [0x7fc00000n, 0x7fc00000n, 0xff800000n, 0xff800000n, 0x3f800000n];
    for (let i = 0; i < 30; i++)
      await bench.examine(
        pool('float32', 12, () => random.pick(odd)),
        random,
        6,
      );
    await bench.flush();
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas);
    expect(bench.counts.permitted).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(2000);
    expect(bench.counts.reverted).to.be.above(200);
  });
});
