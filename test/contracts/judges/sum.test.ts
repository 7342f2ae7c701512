import { expect } from 'chai';
import { sumJudge } from '../../../protocol/src/judges/sum.ts';
import { Bench, tryElement } from './bench.ts';
import { Random } from './random.ts';
import { runOnnx, type Sample, type Spec, sampleOf } from './sample.ts';

const random = new Random(31);

/** Rows that are hard to add up in single precision. */
const ROWS: Readonly<Record<string, (terms: number) => number[]>> = {
  'one large term': (terms) => Array.from({ length: terms }, (_, i) => (i === 0 ? 2 ** 24 : 1)),
  'a large term every 64': (terms) => Array.from({ length: terms }, (_, i) => (i % 64 === 0 ? 1e7 : 0.3)),
  constants: (terms) => Array.from({ length: terms }, () => 0.1),
  'cancelling terms': (terms) => Array.from({ length: terms }, (_, i) => (i % 2 === 0 ? 1e6 + i : -1e6)),
  'random terms': (terms) => Array.from({ length: terms }, () => (random.below(2001) - 1000) / 997),
};

/** A row reduced along a layout that is as it lies: [terms] or, by columns, [terms, 4]. */
function reduction(name: string, row: readonly number[], columns: boolean): Spec {
  const dims = columns ? [row.length, 4] : [row.length];
  const values = columns ? row.flatMap((x) => [x, -x, 2 * x, x / 3]) : row;
  const input = { dtype: 'float32' as const, dims, bytes: new Uint8Array(Float32Array.from(values).buffer) };
  const words = name === 'CumSum' ? [0, 0, 0] : [1, 0];
  return {
    name,
    since: name === 'CumSum' ? 14 : 13,
    words,
    inputs: [input],
    output: { dtype: 'float32', dims: name === 'CumSum' ? dims : dims.slice(1) },
    node: (b, [x]) => {
      if (name === 'CumSum') return b.node(name, [x, b.ints([1], [0])]);
      if (name === 'ReduceSum') return b.node(name, [x, b.ints([1], [0])], { attributes: { keepdims: 0 } });
      return b.node(name, [x], { attributes: { axes: [0], keepdims: 0 } });
    },
  };
}

/** The sample as compiled: the reduced axis innermost. */
function compiled(spec: Spec, results: Uint8Array): Sample {
  const { op } = sampleOf(spec, results, random);
  const [{ dtype, dims }] = spec.inputs as [NonNullable<Spec['inputs'][0]>];
  const layout = dims.length > 1 ? 0x01 : 0;
  const bytes = new Float32Array(spec.inputs[0]!.bytes.slice().buffer);
  const stored = layout === 0 ? bytes : bytes.map((_, i) => bytes[(i % dims[0]) * 4 + Math.floor(i / dims[0])]);
  const operator = {
    ...op,
    inputTypes: [{ dtype, dims, layout }],
    outputTypes: [{ ...op.outputTypes[0], layout: 0 }],
  };
  return { op: operator, operands: [new Uint8Array(stored.buffer)], honest: results };
}

describe('SumJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(sumJudge);
  });

  for (const [kind, make] of Object.entries(ROWS)) {
    it(`never convict what ONNX Runtime adds up of ${kind}`, async () => {
      for (const name of ['ReduceSum', 'ReduceMean', 'CumSum']) {
        for (const [terms, columns] of [
          [60, true],
          [777, false],
          [2048, true],
        ] as const) {
          const spec = reduction(name, make(terms), columns);
          const sample = compiled(spec, (await runOnnx(spec))!);
          sumJudge.admit(sample.op);
          const values = new Uint32Array(sample.honest.slice().buffer);
          for (const element of new Set([0, values.length - 1, random.below(values.length)])) {
            const verdict = await bench.claim(sample, element, BigInt(values[element]));
            expect(verdict, `${name} of ${terms}, element ${element}`).not.to.equal('convicted');
            await bench.claim(sample, element, BigInt(values[element]) ^ 1n);
            await bench.claim(sample, element, BigInt(values[element]) ^ 0x00800000n);
          }
        }
      }
      await bench.flush();
    });
  }

  it('permit one value where every order is exact, and of means where the divisor is a power of two as well', () => {
    const wordsOf = (name: string, row: readonly number[]): string => {
      const spec = reduction(name, row, false);
      return tryElement(sumJudge, compiled(spec, new Uint8Array(4)), 0, 0n).words;
    };
    expect(wordsOf('ReduceSum', [1, 2, 3.5])).to.equal('exactly 6.5');
    expect(wordsOf('ReduceMean', [1, 2, 3.5, 1])).to.equal('exactly 1.875');
    expect(wordsOf('ReduceMean', [1, 2, 4])).to.match(/^between 2\.33333\d+ and 2\.33333\d+$/);
    expect(wordsOf('ReduceSum', [2 ** 24, 1])).to.match(/^between/);
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas);
    expect(bench.counts.permitted).to.be.above(100);
    expect(bench.counts.convicted).to.be.above(50);
  });
});
