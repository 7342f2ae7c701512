import { layoutOf, toLayout } from '@essaim/protocol';
import { expect } from 'chai';
import { normalizationJudge } from '../../../protocol/src/judges/normalization.ts';
import { Bench } from './bench.ts';
import { adversarial, bitsOf, bytesOf, canonical, floatOf, NAN, wordsOf } from './floats.ts';
import { Random } from './random.ts';
import { runOnnx, type Spec, sampleOf, type Tensor } from './sample.ts';
import { examineEdges } from './verdict-edges.ts';

const random = new Random(22);
const EPSILON = 0x3727c5ac; // 1e-5
const SPECIAL = [NAN, 0x7f800000, 0xff800000, 0, 0x80000000, 1, 0x3f800000];

const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const tensor = (dims: number[], bits: readonly number[]): Tensor => ({ dtype: 'float32', dims, bytes: bytesOf(bits) });
const uniform = (): number => random.below(2 ** 30) / 2 ** 30;
const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
const normals = (count: number, mean: number, deviation: number): number[] =>
  Array.from({ length: count }, () => bitsOf(mean + deviation * gaussian()));
const floats = (dims: number[], mean: number, deviation: number): Tensor =>
  tensor(dims, normals(size(dims), mean, deviation));

/** Elements by rows of `length`, each row through `f`, in binary64. */
function byRows(x: Tensor, length: number, f: (row: number[], index: number) => number[]): number[] {
  const values = wordsOf(x.bytes).map(floatOf);
  return Array.from({ length: values.length / length }, (_, i) =>
    f(values.slice(i * length, (i + 1) * length), i),
  ).flat();
}

function softmax(row: number[], logarithm: boolean): number[] {
  const top = Math.max(...row);
  const sum = row.reduce((all, x) => all + Math.exp(x - top), 0);
  return row.map((x) => (logarithm ? x - top - Math.log(sum) : Math.exp(x - top) / sum));
}

function standard(row: number[], centred: boolean): number[] {
  const mean = centred ? row.reduce((a, b) => a + b, 0) / row.length : 0;
  const variance = row.reduce((all, x) => all + (x - mean) ** 2, 0) / row.length;
  return row.map((x) => (x - mean) / Math.sqrt(variance + floatOf(EPSILON)));
}

/** A softmax over the last axis, or over `axis` of a tensor whose operand lies with it innermost. */
function softmaxSpec(name: string, dims: number[], axis: number, bits: number[]): Spec {
  const order = [...dims.keys()].filter((a) => a !== axis);
  return {
    name,
    since: 13,
    words: [axis],
    inputs: [tensor(dims, bits)],
    output: { dtype: 'float32', dims },
    node: (b, names) => b.node(name, names, { attributes: { axis } }),
    layouts: [axis === dims.length - 1 ? 0 : layoutOf([...order, axis])],
  };
}

interface Family {
  since: number;
  dims: number[];
  /** Shapes of the operands after the first. */
  others: number[][];
  attributes: Record<string, number | { float: number }>;
  words: number[];
}
const epsilon = { float: 1e-5 };
const FAMILIES: Record<string, Family> = {
  LayerNormalization: {
    since: 17,
    dims: [3, 96],
    others: [[96], [96]],
    attributes: { axis: -1, epsilon },
    words: [1, EPSILON],
  },
  RMSNormalization: {
    since: 23,
    dims: [3, 96],
    others: [[96]],
    attributes: { axis: -1, epsilon },
    words: [1, EPSILON],
  },
  InstanceNormalization: {
    since: 22,
    dims: [2, 3, 8, 7],
    others: [[3], [3]],
    attributes: { epsilon },
    words: [EPSILON],
  },
  GroupNormalization: {
    since: 21,
    dims: [2, 4, 5, 6],
    others: [[4], [4]],
    attributes: { epsilon, num_groups: 2 },
    words: [EPSILON, 2],
  },
  BatchNormalization: {
    since: 15,
    dims: [2, 3, 6, 5],
    others: [[3], [3], [3], [3]],
    attributes: { epsilon },
    words: [EPSILON],
  },
};

function familySpec(name: string, x: Tensor, others: Tensor[], since = FAMILIES[name].since): Spec {
  const { attributes, words } = FAMILIES[name];
  return {
    name,
    since,
    words,
    inputs: [x, ...others],
    output: { dtype: 'float32', dims: x.dims },
    node: (b, names) => b.node(name, names, { attributes }),
    layouts: name === 'BatchNormalization' ? [] : [0],
  };
}

/** What a normalisation is in binary64. */
function reference(name: string, x: Tensor, others: Tensor[]): number[] {
  const [g, b, mean, variance] = others.map((t) => wordsOf(t.bytes).map(floatOf));
  const channel = (i: number) => Math.floor(i / size(x.dims.slice(2))) % x.dims[1];
  if (name === 'BatchNormalization') {
    return wordsOf(x.bytes).map((bits, i) => {
      const c = channel(i);
      return ((floatOf(bits) - mean[c]) / Math.sqrt(variance[c] + floatOf(EPSILON))) * g[c] + b[c];
    });
  }
  const rows = name === 'GroupNormalization' ? 2 : 1;
  const length = x.dims.length === 2 ? x.dims[1] : size(x.dims.slice(2)) * rows;
  const y = byRows(x, length, (row) => standard(row, name !== 'RMSNormalization'));
  return y.map((v, i) => {
    const at = x.dims.length === 2 ? i % length : channel(i);
    return v * g[at] + (b?.[at] ?? 0);
  });
}

describe('NormalizationJudge and its twin', () => {
  let bench: Bench;
  const shares: Record<string, number> = {};
  let edges = 0;
  before(async () => {
    bench = await Bench.of(normalizationJudge);
  });
  afterEach(() => bench.flush());

  /** Permits what the runtime and binary64 give, and asks both judges about all edges around it. */
  async function examine(spec: Spec, values: number[] | null, elements: number): Promise<void> {
    const run = await runOnnx(spec);
    if (run) bench.counts.fromOnnxRuntime++;
    const exact = values && bytesOf(values.map((v) => bitsOf(v)));
    const honest = run ? canonical(run) : exact;
    if (!honest) throw new Error(`no reference for ${spec.name}`);
    const sample = sampleOf(spec, honest, random);
    const physical = exact && wordsOf(toLayout(sample.op.outputTypes[0], exact));
    const results = wordsOf(sample.honest);
    normalizationJudge.admit(sample.op);
    for (let i = 0; i < elements; i++) {
      const element = random.below(results.length);
      await bench.examineElement(sample, element, random);
      await bench.claim(sample, element, BigInt(random.pick(SPECIAL)));
      if (physical) {
        const said = await bench.claim(sample, element, BigInt(physical[element]));
        expect(said, `${spec.name}: the exact element ${element}, ${floatOf(physical[element])}`).to.equal('permitted');
      }
      if ((results[element] & 0x7fffffff) < 0x7f800000) {
        edges += await examineEdges(bench, sample, element, results[element]);
      }
    }
  }

  for (const name of ['Softmax', 'LogSoftmax']) {
    const exact = (x: Tensor, length: number) => byRows(x, length, (row) => softmax(row, name === 'LogSoftmax'));

    it(`agree on ${name} of rows of any length, narrow and wide`, async () => {
      for (const [length, deviation] of [
        [1, 3],
        [2, 1],
        [10, 0.5],
        [64, 2],
        [64, 12],
        [64, 40],
        [257, 4],
        [1024, 2],
      ]) {
        const dims = [2, length];
        const spec = softmaxSpec(name, dims, 1, normals(size(dims), 0, deviation));
        await examine(spec, exact(spec.inputs[0]!, length), length > 200 ? 8 : 30);
      }
    });

    it(`agree on ${name} over any axis, which lies innermost`, async () => {
      for (const axis of [0, 1, 2]) await examine(softmaxSpec(name, [3, 4, 5], axis, normals(60, 0, 3)), null, 20);
    });

    it(`agree on ${name} of masked, equal, huge and special elements`, async () => {
      const mask = (value: number) => normals(16, 0, 2).map((bits) => (random.chance(50) ? bitsOf(value) : bits));
      const rows = [-1e9, -3.4028234663852886e38, Number.NEGATIVE_INFINITY, -1e4, 88, 1e30].map(mask);
      rows.push(
        Array(16).fill(bitsOf(1.5)),
        Array(16).fill(0xff800000),
        mask(Number.POSITIVE_INFINITY),
        mask(Number.NaN),
      );
      rows.push(...Array.from({ length: 12 }, () => Array.from({ length: 16 }, () => adversarial(random))));
      rows.push(...Array.from({ length: 6 }, () => Array.from({ length: 16 }, () => bitsOf(uniform() * 1e-38))));
      for (const row of rows) await examine(softmaxSpec(name, [1, 16], 1, row), null, 10);
    });
  }

  for (const [name, { dims, others }] of Object.entries(FAMILIES)) {
    const coefficients = () =>
      others.map((shape, i) =>
        i === 3 ? tensor(shape, normals(size(shape), 2, 0.3)) : floats(shape, i === 0 ? 1 : 0, 1),
      );

    it(`agree on ${name} of rows with small and large means`, async () => {
      for (const [mean, deviation] of [
        [0, 1],
        [1, 1],
        [5, 1],
        [-30, 1],
        [0, 1e-4],
        [0, 1e4],
        [0, 0],
        [3, 0],
      ]) {
        const x = floats(dims, mean, deviation);
        const given = coefficients();
        await examine(familySpec(name, x, given), reference(name, x, given), 20);
      }
    });

    it(`agree on ${name} of special and extreme elements`, async () => {
      for (let i = 0; i < 12; i++) {
        const x = tensor(dims, normals(size(dims), 0, i % 2 ? 1 : 2 ** random.between(-120, 120)));
        const given = coefficients();
        const odd = i % 3 === 0 ? x : random.pick(given);
        new DataView(odd.bytes.buffer).setUint32(4 * random.below(odd.bytes.length / 4), adversarial(random), true);
        await examine(familySpec(name, x, given), null, 10);
      }
    });
  }

  it('permit next to nothing on nearly constant rows but what the kernel gives', async () => {
    const dims = [1, 768];
    const [ones, zeros] = [1, 0].map((v) => tensor([768], Array(768).fill(bitsOf(v))));
    for (const [mean, deviation] of [
      [1, 0],
      [5, 0],
      [5, 0.01],
      [-30.7, 1e-3],
    ]) {
      const spec = familySpec('LayerNormalization', floats(dims, mean, deviation), [ones, zeros]);
      const sample = sampleOf(spec, canonical((await runOnnx(spec))!), random);
      for (let i = 0; i < 4; i++) {
        const element = random.below(768);
        const honest = wordsOf(sample.honest)[element];
        expect(await bench.claim(sample, element, BigInt(honest)), `${floatOf(honest)}`).to.equal('permitted');
        edges += await examineEdges(bench, sample, element, honest);
        const half = floatOf(honest) > 0 ? -0.5 : 0.5;
        for (const wrong of [half, 100, Number.NaN, Number.POSITIVE_INFINITY]) {
          expect(await bench.claim(sample, element, BigInt(bitsOf(wrong))), `${wrong}`).to.equal('void');
        }
        for (const wrong of [1e30, -1e30]) {
          expect(await bench.claim(sample, element, BigInt(bitsOf(wrong))), `${wrong}`).to.equal('convicted');
        }
      }
    }
  });

  it('permit nothing but NaN of a BatchNormalization by no real root', async () => {
    for (const [variance, other] of [
      [Number.NaN, 'convicted'],
      [-1, 'void'],
    ] as const) {
      const x = floats([1, 2, 3], 0, 1);
      const others = [1, 0, 0, variance].map((v) => tensor([2], [bitsOf(v), bitsOf(v)]));
      const spec = familySpec('BatchNormalization', x, others);
      const sample = sampleOf(spec, canonical((await runOnnx(spec))!), random);
      expect(await bench.claim(sample, 4, BigInt(wordsOf(sample.honest)[4]))).to.equal('permitted');
      expect(wordsOf(sample.honest)[4]).to.equal(NAN);
      for (const wrong of [0.5, 1e30, Number.POSITIVE_INFINITY]) {
        expect(await bench.claim(sample, 4, BigInt(bitsOf(wrong)))).to.equal(other);
      }
    }
  });

  it('agree where the variance may be lost altogether: all but NaN is void', async () => {
    const spec = familySpec('LayerNormalization', tensor([1, 96], Array(96).fill(bitsOf(1))), [
      tensor([96], Array(96).fill(bitsOf(1))),
      tensor([96], Array(96).fill(0)),
    ]);
    const exact = { ...spec, words: [1, 0] };
    const sample = sampleOf(exact, bytesOf(Array(96).fill(NAN)), random);
    expect(await bench.claim(sample, 7, BigInt(NAN))).to.equal('permitted');
    for (const bits of [0, bitsOf(0.5), bitsOf(1e30), 0x7f800000]) {
      expect(await bench.claim(sample, 7, BigInt(bits))).to.equal('void');
    }
  });

  it('agree on the greatest rows', async () => {
    const ask = async (spec: Spec) => {
      const sample = sampleOf(spec, canonical((await runOnnx(spec))!), random);
      normalizationJudge.admit(sample.op);
      const honest = wordsOf(sample.honest)[0];
      expect(await bench.claim(sample, 0, BigInt(honest))).to.equal('permitted');
      expect(await bench.claim(sample, 0, BigInt(honest ^ 0x20000) & 0xffffffffn)).to.equal('convicted');
    };
    const row = normals(1 << 14, 0, 4);
    await ask(softmaxSpec('Softmax', [1, 1 << 14], 1, row));
    const masked = row.map((bits, i) => (i % 3 === 1 ? 0xff800000 : bits));
    await ask(softmaxSpec('Softmax', [1, 1 << 14], 1, masked));
    const length = 14_336;
    const given = [floats([length], 1, 1), floats([length], 0, 1)];
    const x = floats([1, length], 1, 1);
    await ask(familySpec('LayerNormalization', x, given));
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas, { edges }, shares);
    expect(bench.counts.permitted).to.be.above(4000);
    expect(bench.counts.void).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(4000);
    expect(bench.counts.reverted).to.be.above(300);
    expect(edges).to.be.above(3000);
  });
});
