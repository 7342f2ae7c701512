import { expect } from 'chai';
import { quantiseJudge } from '../../../protocol/src/judges/quantise.ts';
import { Bench, tryElement } from './bench.ts';
import { Random } from './random.ts';
import { runOnnx, type Sample, type Spec, sampleOf, type Tensor } from './sample.ts';

const random = new Random(29);
const floats = (dims: number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  dims,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const bytes = (dtype: 'int8' | 'uint8', dims: number[], values: readonly number[]): Tensor => ({
  dtype,
  dims,
  bytes: Uint8Array.from(values),
});

/** The float a few steps above or below. */
function beside(value: number, steps: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0] += steps;
  return new Float32Array(bits.buffer)[0];
}

/** Elements at the middles between quanta, and a few floats beside them. */
function atMiddles(scale: number, count: number): number[] {
  return Array.from({ length: count }, () =>
    beside((random.between(-140, 140) + 0.5) * scale, random.pick([0, 0, 1, -1, 2, -3])),
  );
}

const quantise = (scale: number, x: readonly number[], zero: number): Spec => ({
  name: 'QuantizeLinear',
  since: 13,
  words: [0],
  inputs: [floats([x.length], x), floats([], [scale]), bytes('uint8', [], [zero])],
  output: { dtype: 'uint8', dims: [x.length] },
});

describe('QuantiseJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(quantiseJudge);
  });

  it('permit what ONNX Runtime makes of elements at and beside the middles between quanta', async () => {
    for (let i = 0; i < 40; i++) {
      const scale = Math.fround(i % 3 === 0 ? 2 ** random.between(-20, 5) : random.between(1, 1e6) / 1e7);
      await bench.examine(quantise(scale, atMiddles(scale, 24), random.below(256)), random, 12);
    }
    await bench.flush();
  });

  it('permit one integer away from the middles, and at them where the scale is a power of two; else both', async () => {
    const wordsOf = (scale: number, x: number): string => {
      const spec = quantise(scale, [x], 0);
      return tryElement(quantiseJudge, sampleOf(spec, new Uint8Array(1), random), 0, 0n).words;
    };
    expect(wordsOf(0.25, 0.625)).to.equal('exactly 2');
    expect(wordsOf(0.25, 0.875)).to.equal('exactly 4');
    expect(wordsOf(0.3, 2.5 * Math.fround(0.3))).to.equal('from 2 to 3');
    expect(wordsOf(0.3, 2.5001 * 0.3)).to.equal('exactly 3');
    expect(wordsOf(0.3, 1e30)).to.equal('exactly 255');
    expect(wordsOf(0.3, -1)).to.equal('exactly 0');
    expect(wordsOf(-1, 1)).to.match(/^anything/);
  });

  it('permit what ONNX Runtime requantises, with results at the middles', async () => {
    for (let i = 0; i < 30; i++) {
      const [rows, terms, columns] = [random.between(2, 4), random.between(1, 40), random.between(1, 5)];
      const signed = i % 2 === 0;
      const dtype = signed ? 'int8' : 'uint8';
      const make = (count: number) => Array.from({ length: count }, () => random.below(256));
      const power = () => 2 ** random.between(-6, 0);
      const scales = i % 3 === 0 ? [power(), power(), power()] : [0.02, 0.5, 1.1].map((s) => s * (1 + random.below(9)));
      const spec: Spec = {
        name: 'QLinearMatMul',
        since: 10,
        inputs: [
          bytes(dtype, [rows, terms], make(rows * terms)),
          bytes(dtype, [terms, columns], make(terms * columns)),
          bytes(dtype, [], [random.below(256)]),
          bytes(dtype, [], [random.below(256)]),
          ...scales.map((scale) => floats([], [scale])),
          bytes(dtype, [], [random.below(256)]),
        ],
        output: { dtype, dims: [rows, columns] },
        node: (b, [a, w, za, zw, sa, sw, sy, zy]) => b.node('QLinearMatMul', [a, sa, za, w, sw, zw, sy, zy]),
      };
      const results = (await runOnnx(spec))!;
      const sample = laid(spec, results);
      quantiseJudge.admit(sample.op);
      for (let k = 0; k < 6; k++) await bench.examineElement(sample, random.below(rows * columns), random);
    }
    await bench.flush();
  });

  /** The sample with the second matrix stored by columns. */
  function laid(spec: Spec, results: Uint8Array): Sample {
    const { op } = sampleOf(spec, results, random);
    const [a, w, ...rest] = op.inputTypes.map((type) => type && { ...type, layout: 0 });
    const [terms, columns] = w!.dims;
    const turned = new Uint8Array(terms * columns);
    spec.inputs[1]!.bytes.forEach((byte, i) => {
      turned[(i % columns) * terms + Math.floor(i / columns)] = byte;
    });
    return {
      op: {
        ...op,
        inputTypes: [a, { ...w!, layout: 0x01 }, ...rest],
        outputTypes: [{ ...op.outputTypes[0], layout: 0 }],
      },
      operands: spec.inputs.map((input, i) => (i === 1 ? turned : input!.bytes)),
      honest: results,
    };
  }

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas);
    expect(bench.counts.convicted).to.be.above(500);
    expect(bench.counts.permitted).to.be.above(500);
  });
});
