import { toLayout } from '@essaim/protocol';
import { expect } from 'chai';
import { activationJudge } from '../../../protocol/src/judges/activation.ts';
import { INTERVALS } from '../../../protocol/src/judges/activation-interval.ts';
import { Bench } from './bench.ts';
import { adversarial, bitsOf, bytesOf, canonical, floatOf, NAN, partner, wordsOf } from './floats.ts';
import { Random } from './random.ts';
import { runOnnx, type Sample, type Spec, sampleOf } from './sample.ts';
import { examineEdges } from './verdict-edges.ts';

const random = new Random(21);
const COUNT = 130;
const ALPHA = bitsOf(Math.fround(0.2));

/** 1 - erf(x) for x > 0 in binary64: a series below 2.5, a continued fraction above. */
function erfc(x: number): number {
  if (x < 2.5) {
    let [sum, term] = [x, x];
    for (let n = 0; term > 1e-20; n++) sum += term *= (2 * x * x) / (2 * n + 3);
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let tail = 0;
  for (let k = 120; k > 0; k--) tail = k / 2 / (x + tail);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}
const erf = (x: number): number => (x < 0 ? erfc(-x) - 1 : 1 - erfc(x));
const logistic = (x: number): number => (x < 0 ? 1 - 1 / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

interface Case {
  name: string;
  since: number[];
  f: (x: number) => number;
  attributes?: Record<string, string | { float: number }>;
  words?: number[];
}

const CASES: readonly Case[] = [
  { name: 'Exp', since: [6, 13], f: Math.exp },
  { name: 'Log', since: [6, 13], f: Math.log },
  { name: 'Erf', since: [9, 13], f: erf },
  { name: 'Tanh', since: [6, 13], f: Math.tanh },
  { name: 'Sigmoid', since: [6, 13], f: logistic },
  { name: 'Softplus', since: [1, 22], f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  { name: 'Gelu', since: [20], words: [0], f: (x) => (x < -9 ? 0 : (x * (1 + erf(x / Math.SQRT2))) / 2) },
  {
    name: 'Gelu',
    since: [20],
    words: [1],
    attributes: { approximate: 'tanh' },
    f: (x) => (x < -30 ? 0 : x * logistic(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  { name: 'HardSwish', since: [14, 22], f: (x) => x * Math.min(1, Math.max(0, x / 6 + 0.5)) },
  {
    name: 'HardSigmoid',
    since: [6, 22],
    words: [ALPHA, 0x3f000000],
    attributes: { alpha: { float: 0.2 }, beta: { float: 0.5 } },
    f: (x) => Math.min(1, Math.max(0, floatOf(ALPHA) * x + 0.5)),
  },
  {
    name: 'Elu',
    since: [6, 22],
    words: [0x3fc00000],
    attributes: { alpha: { float: 1.5 } },
    f: (x) => (x > 0 ? x : 1.5 * Math.expm1(x)),
  },
  { name: 'Sin', since: [7, 22], f: Math.sin },
  { name: 'Cos', since: [7, 22], f: Math.cos },
  { name: 'Reciprocal', since: [6, 13], f: (x) => 1 / x },
];

const finite = (bits: number): boolean => (bits & 0x7f800000) !== 0x7f800000;
const title = ({ name, attributes }: Case): string => (attributes?.approximate ? `${name} by tanh` : name);

/** Operands of activations: mostly where the functions are neither flat nor overflowing. */
function operand(): number {
  switch (random.below(5)) {
    case 0:
      return adversarial(random);
    case 1:
      return bitsOf(random.between(-110_000, 110_000) / 1000);
    case 2:
      return bitsOf((1 + random.between(-1000, 1000) / 2 ** random.between(10, 34)) * random.pick([1, -1]));
    default:
      return bitsOf(random.between(-(2 ** 26), 2 ** 26) * 2 ** -random.between(20, 30));
  }
}

function specOf({ name, attributes, words }: Case, since: number, bits: number[]): Spec {
  const dims = [bits.length];
  return {
    name,
    since,
    words,
    inputs: [{ dtype: 'float32', dims, bytes: bytesOf(bits) }],
    output: { dtype: 'float32', dims },
    node: (b, names) => b.node(name, names, { attributes }),
  };
}

describe('ActivationJudge and its twin', () => {
  let bench: Bench;
  const shares: Record<string, number> = {};
  let edges = 0;
  before(async () => {
    bench = await Bench.of(activationJudge);
  });
  afterEach(() => bench.flush());

  /** Permits what the runtime gave and the function's own value, and asks both judges about all edges around it. */
  async function examine(spec: Spec, f: (i: number) => number): Promise<void> {
    const run = await runOnnx(spec);
    if (run) bench.counts.fromOnnxRuntime++;
    const count = spec.output.dims.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: count }, (_, i) => bitsOf(f(i)));
    const honest = run ? canonical(run) : bytesOf(values);
    const sample: Sample = sampleOf(spec, honest, random);
    const physical = wordsOf(toLayout(sample.op.outputTypes[0], bytesOf(values)));
    activationJudge.admit(sample.op);
    for (const [element, bits] of wordsOf(sample.honest).entries()) {
      await bench.examineElement(sample, element, random);
      expect(await bench.claim(sample, element, BigInt(physical[element])), `the value of ${spec.name}`).to.equal(
        'permitted',
      );
      await bench.claim(sample, element, BigInt(random.pick([0, 0x80000000, NAN, 0x7f800000, 0xff800000])));
      if ((bits & 0x7fffffff) <= 0x7f800000) edges += await examineEdges(bench, sample, element, bits);
    }
  }

  for (const one of CASES) {
    it(`agree on ${title(one)}, permit ONNX Runtime's results and convict beyond the bound`, async () => {
      for (const since of one.since) {
        const bits = Array.from({ length: COUNT / one.since.length }, operand);
        await examine(specOf(one, since, bits), (i) => one.f(floatOf(bits[i])));
        const x = Array.from({ length: 2000 }, operand);
        const results = wordsOf((await runOnnx(specOf(one, since, x))) ?? new Uint8Array(0));
        for (const [i, result] of results.entries()) {
          const y = one.f(floatOf(x[i]));
          if (!finite(x[i]) || !finite(result) || x[i] << 1 === 0 || (one.name === 'Elu' && x[i] >>> 31 === 0))
            continue;
          if (one.name === 'Log' && x[i] >>> 31 === 1) continue;
          const { value, unit, sharp } = INTERVALS[one.name](x[i], one.words ?? []);
          const [exact, width] = [Number(value) * 2 ** unit, Number(sharp) * 2 ** unit];
          expect(Math.abs(exact - y), `${one.name} of ${floatOf(x[i])}: ${exact}, not ${y}`).to.be.at.most(
            width / 1000,
          );
          const share = Math.abs(floatOf(result) - y) / width;
          if (x[i] % 2 ** 31 >= 0x800000 && width > 0) shares[title(one)] = Math.max(shares[title(one)] ?? 0, share);
        }
      }
    });
  }

  it('agree on Pow of any base and exponent', async () => {
    const pairs = Array.from({ length: 2 * COUNT }, (_, i): [number, number] => {
      const x = operand();
      const small = bitsOf(random.between(-40, 40) / random.pick([1, 1, 2, 7]));
      return [i % 3 === 0 ? x : x & 0x7fffffff, i % 2 === 0 ? small : i % 5 === 0 ? partner(random, x) : operand()];
    });
    const dims = [pairs.length];
    for (const since of [7, 12, 13, 15]) {
      const some = pairs.filter((_, i) => [7, 12, 13, 15][i % 4] === since);
      const inputs = [0, 1].map((k) => ({
        dtype: 'float32' as const,
        dims: [some.length],
        bytes: bytesOf(some.map((pair) => pair[k])),
      }));
      const power = (x: number, y: number) => (Math.abs(x) === 1 && !Number.isFinite(y) ? 1 : x === 1 ? 1 : x ** y);
      await examine({ name: 'Pow', since, inputs, output: { dtype: 'float32', dims: [some.length] } }, (i) =>
        power(floatOf(some[i][0]), floatOf(some[i][1])),
      );
    }
    expect(dims[0]).to.equal(2 * COUNT);
  });

  it('void, and do not convict, any answer where WGSL leaves a function open', async () => {
    const logarithm = CASES.find(({ name }) => name === 'Log')!;
    const [two, infinity] = [bitsOf(2), 0x7f800000];
    const open: readonly [spec: Spec, right: number][] = [
      [specOf(logarithm, 13, [bitsOf(-1)]), NAN],
      [specOf(logarithm, 13, [NAN]), NAN],
      [specOf(logarithm, 13, [0]), infinity + 0x80000000],
      [
        {
          name: 'Pow',
          since: 15,
          inputs: [-2, 0.5].map((x) => ({ dtype: 'float32' as const, dims: [1], bytes: bytesOf([bitsOf(x)]) })),
          output: { dtype: 'float32', dims: [1] },
        },
        NAN,
      ],
    ];
    for (const [spec, right] of open) {
      const sample = sampleOf(spec, bytesOf([right]), random);
      expect(await bench.claim(sample, 0, BigInt(right)), spec.name).to.equal('permitted');
      for (const other of [two, 0x80000000]) expect(await bench.claim(sample, 0, BigInt(other))).to.equal('void');
    }
    const defined = sampleOf(specOf(logarithm, 13, [two]), bytesOf([bitsOf(Math.log(2))]), random);
    expect(await bench.claim(defined, 0, BigInt(NAN))).to.equal('convicted');
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas, { edges }, shares);
    for (const [name, share] of Object.entries(shares)) expect(share, name).to.be.below(0.3);
    expect(bench.counts.permitted).to.be.above(6000);
    expect(bench.counts.void).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(6000);
    expect(bench.counts.reverted).to.be.above(500);
    expect(edges).to.be.above(4000);
  });
});
