import { compile, edgesOf, int8Rows, numericsReport, OnnxBuilder, PRECISIONS, ratioTo } from '@essaim/protocol';
import { expect } from 'chai';
import { random } from '../../test/random.ts';
import { suspects } from '../src/faults/suspects.ts';
import { bitsOf } from '../src/judges/float32.ts';

const next = random(3);
const normal = (): number => next() + next() + next() + next() - 2;

function product(terms: number, weight: boolean, rows = 4) {
  const model = new OnnxBuilder();
  const x = model.input('x', 'float32', [rows, terms]);
  const numbers = Float32Array.from({ length: terms * 8 }, normal);
  const w = weight ? model.initializer('w', 'float32', [terms, 8], numbers) : model.input('w', 'float32', [terms, 8]);
  model.output(model.node('MatMul', [x, w]), 'float32');
  return compile(model.bytes());
}

describe('the numerics of a program', () => {
  it('say what becomes of cheaper weights: convicted in short sums, void in long ones', () => {
    const outcome = (terms: number, precision: 'fp16' | 'bf16') =>
      numericsReport(product(terms, true))[0].substitution[precision].outcome;
    expect([64, 1024, 4096].map((terms) => outcome(terms, 'fp16'))).to.deep.equal(['convicted', 'convicted', 'void']);
    expect(outcome(4096, 'bf16')).to.equal('convicted');
  });

  it('allow longer chains where a computed matrix is multiplied, and any where it is a vector', () => {
    const factors = (weight: boolean, rows: number) => {
      const [{ sharp, contract }] = numericsReport(product(2048, weight, rows));
      return [sharp, contract];
    };
    expect(factors(true, 4)).to.deep.equal([128, 264]);
    expect(factors(true, 1)).to.deep.equal([128, 264]);
    expect(factors(false, 4)).to.deep.equal([256, 1032]);
    expect(factors(false, 1)).to.deep.equal([360, 2056]);
  });

  it('leave out products that are proven exact', () => {
    const model = new OnnxBuilder();
    const x = model.input('x', 'float32', [2, 4], { low: -8, high: 8, step: 1 });
    const w = model.floats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    model.output(model.node('MatMul', [x, w]), 'float32');
    expect(numericsReport(compile(model.bytes()))).to.deep.equal([]);
  });
});

describe('cheaper number formats', () => {
  it('round to nearest, ties to even, down to the least number', () => {
    const { fp16, bf16, tf32 } = PRECISIONS;
    expect(fp16(1 + 2 ** -11)).to.equal(1);
    expect(fp16(1 + 3 * 2 ** -11)).to.equal(1 + 2 ** -9);
    expect(fp16(1 + 2 ** -11 + 2 ** -20)).to.equal(1 + 2 ** -10);
    expect(fp16(-(2 ** -24) * 1.5)).to.equal(-(2 ** -23));
    expect(fp16(2 ** -25)).to.equal(0);
    expect(fp16(65519)).to.equal(65504);
    expect(fp16(65520)).to.equal(Number.POSITIVE_INFINITY);
    expect(bf16(1 + 2 ** -8)).to.equal(1);
    expect(bf16(-1.01)).to.equal(-1.0078125);
    expect(tf32(1 + 2 ** -11)).to.equal(1);
    expect(tf32(2 ** -100)).to.equal(2 ** -100);
    expect([...int8Rows(Float32Array.of(127, 63.4, -1, 0, 0, 0), 3)]).to.deep.equal([127, 63, -1, 0, 0, 0]);
  });
});

describe('the edges of an interval', () => {
  const between = (low: number, high: number, least: number, most: number) => ({
    verdict: (claimed: bigint) => {
      const x = new Float32Array(Uint32Array.of(Number(claimed)).buffer)[0];
      if (x >= low && x <= high) return 'permitted' as const;
      return x >= least && x <= most ? ('void' as const) : ('convicted' as const);
    },
    describe: () => '',
  });
  const at = (x: number): bigint => BigInt(bitsOf(x));

  it('are found from any element inside, void or not, across zero', () => {
    const expected = { sharp: [-0.5, 1.5], contract: [-1, 2] };
    const permitted = between(-0.5, 1.5, -1, 2);
    for (const x of [0, -0.25, 1.75, -1, 2]) expect(edgesOf(permitted, at(x)), `${x}`).to.deep.equal(expected);
    expect(edgesOf(permitted, at(2.0000005))).to.equal(null);
    expect(edgesOf(permitted, at(Number.NaN))).to.equal(null);
  });

  it('lie at ratio one, an exact value at zero', () => {
    expect([-1, 0.5, 1.25, 2].map((x) => ratioTo([-1, 2], x))).to.deep.equal([1, 0, 0.5, 1]);
    expect([ratioTo([3, 3], 3), ratioTo([3, 3], 4)]).to.deep.equal([0, Number.POSITIVE_INFINITY]);
  });
});

describe('suspects', () => {
  it('are all differing elements, or those farthest away and some of the rest', () => {
    const own = new Float32Array(1000).fill(1);
    const claimed = own.map((x, i) => x + (i % 2) * 1e-6);
    claimed[501] = 3;
    claimed[7] = Number.NaN;
    const bytes = (data: Float32Array) => new Uint8Array(data.buffer);
    expect(suspects(bytes(claimed), bytes(own), 'float32', 1000)).to.have.length(500);
    const few = suspects(bytes(claimed), bytes(own), 'float32', 8);
    expect(few).to.include(501).and.include(7);
    expect(few.length).to.be.within(6, 8);
    expect(few.every((element) => element % 2 === 1)).to.equal(true);
    expect(suspects(bytes(own), bytes(own), 'float32', 8)).to.deep.equal([]);
    expect(suspects(bytes(own), undefined, 'float32', 8)).to.have.length(8);
  });
});
