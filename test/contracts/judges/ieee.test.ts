import { DTYPES, type DType, toLayout } from '@essaim/protocol';
import { expect } from 'chai';
import { readElement } from '../../../protocol/src/judges/elements.ts';
import { ieeeJudge } from '../../../protocol/src/judges/ieee.ts';
import { Bench } from './bench.ts';
import {
  adversarial,
  bitsOf,
  bytesOf,
  canonical,
  fixed,
  floatOf,
  NAN,
  nearest,
  next,
  partner,
  wordsOf,
} from './floats.ts';
import { Random } from './random.ts';
import { runOnnx, type Sample, type Spec, sampleOf, type Tensor, tensor } from './sample.ts';

const random = new Random(11);
const COUNT = 40;

const floats = (dims: number[], bits: readonly number[]): Tensor => ({ dtype: 'float32', dims, bytes: bytesOf(bits) });
const finite = (bits: number): boolean => (bits & 0x7f800000) !== 0x7f800000;
const zero = (bits: number): boolean => (bits & 0x7fffffff) === 0;
const subnormal = (bits: number): boolean => !zero(bits) && (bits & 0x7f800000) === 0;

/** Operands of `COUNT` elements each: hard ones, and partners for them. */
function operands(arity: number): Tensor[] {
  const first = Array.from({ length: COUNT }, () => adversarial(random));
  const rest = Array.from({ length: arity - 1 }, () => first.map((a) => partner(random, a)));
  return [first, ...rest].map((bits) => floats([COUNT], bits));
}

/** Exact arithmetic on fractions over 2^149; only for finite operands with a result that is not zero. */
const FRACTIONS: Record<string, (a: bigint, b: bigint) => [bigint, bigint]> = {
  Add: (a, b) => [a + b, 1n],
  Sub: (a, b) => [a - b, 1n],
  Mul: (a, b) => [a * b, 1n << 149n],
  Div: (a, b) => [a << 149n, b],
};

const ARITHMETIC: Record<string, { versions: number[]; f: (a: number, b: number) => number }> = {
  Add: { versions: [7, 13, 14], f: (a, b) => a + b },
  Sub: { versions: [7, 13, 14], f: (a, b) => a - b },
  Mul: { versions: [7, 13, 14], f: (a, b) => a * b },
  Div: { versions: [7, 13, 14], f: (a, b) => a / b },
};
const UNARY: Record<string, { versions: number[]; f: (a: number) => number }> = {
  Sqrt: { versions: [6, 13], f: Math.sqrt },
  Abs: { versions: [6, 13], f: Math.abs },
  Neg: { versions: [6, 13], f: (a) => -a },
  Floor: { versions: [6, 13], f: Math.floor },
  Ceil: { versions: [6, 13], f: Math.ceil },
  Relu: { versions: [6, 13, 14], f: (a) => (a > 0 || Number.isNaN(a) ? a : 0) },
};
const COMPARE: Record<string, { versions: number[]; f: (a: number, b: number) => boolean }> = {
  Equal: { versions: [7, 11, 13, 19], f: (a, b) => a === b },
  Greater: { versions: [7, 9, 13], f: (a, b) => a > b },
  Less: { versions: [7, 9, 13], f: (a, b) => a < b },
  GreaterOrEqual: { versions: [12, 16], f: (a, b) => a >= b },
  LessOrEqual: { versions: [12, 16], f: (a, b) => a <= b },
};

const values = ({ bytes }: Tensor): number[] => wordsOf(bytes).map(floatOf);

describe('IeeeJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(ieeeJudge);
  });
  afterEach(() => bench.flush());

  /** All elements of `spec`: `honest`, and what ONNX Runtime makes of it, permitted, the rest alike in both judges. */
  async function examine(spec: Spec, honest: Uint8Array): Promise<Sample> {
    const sample = sampleOf(spec, honest, random);
    ieeeJudge.admit(sample.op);
    const float = spec.output.dtype === 'float32';
    const run = await runOnnx(spec);
    const fromRun = run && toLayout(sample.op.outputTypes[0], float ? canonical(run) : run);
    if (run) bench.counts.fromOnnxRuntime++;
    const { size } = DTYPES[spec.output.dtype];
    for (let element = 0; element < honest.length / size; element++) {
      await bench.examineElement(sample, element, random);
      if (float) await bench.claim(sample, element, BigInt(random.pick([0, 0x80000000, NAN, NAN + 1])));
      if (!fromRun) continue;
      const claimed = readElement(fromRun.subarray(element * size, (element + 1) * size));
      const what = `${spec.name}: ONNX Runtime's element ${element}, ${claimed}, of ${spec.inputs.map((t) => t && wordsOf(t.bytes)[element % (t.bytes.length / 4)])}`;
      expect(await bench.claim(sample, element, claimed), what).to.equal('permitted');
    }
    return sample;
  }

  for (const [name, { versions, f }] of Object.entries(ARITHMETIC)) {
    it(`agree with exact fractions on ${name}, and convict both neighbours`, async () => {
      const inputs = operands(2);
      const [x, y] = inputs.map((t) => wordsOf(t.bytes));
      const honest = x.map((a, i) => {
        const result = bitsOf(Math.fround(f(floatOf(a), floatOf(y[i]))));
        if (!finite(a) || !finite(y[i]) || zero(result) || zero(y[i])) return result;
        return nearest(...FRACTIONS[name](fixed(a), fixed(y[i])));
      });
      for (const since of versions) {
        const spec: Spec = { name, since, inputs, output: { dtype: 'float32', dims: [COUNT] } };
        const sample = await examine(spec, bytesOf(honest));
        for (const [i, bits] of honest.entries()) {
          if (zero(bits) || !finite(bits) || [x[i], y[i], bits].some((b) => subnormal(b) || b << 1 === 0x1000000))
            continue;
          for (const step of [1, -1]) {
            expect(await bench.claim(sample, i, BigInt(next(bits, step)))).to.equal('convicted');
          }
        }
      }
    });
  }

  it('agree with Math.fround on Sqrt, roundings, Abs, Neg and Relu', async () => {
    for (const [name, { versions, f }] of Object.entries(UNARY)) {
      const inputs = operands(1);
      const honest = bytesOf(values(inputs[0]).map((a) => bitsOf(Math.fround(f(a)))));
      for (const since of versions) {
        await examine({ name, since, inputs, output: { dtype: 'float32', dims: [COUNT] } }, honest);
      }
    }
  });

  it('round halves to even', async () => {
    const halves = [0.5, 1.5, 2.5, -0.5, -1.5, 8388607.5, 0.49999997, 0.50000006, -2.5, 4194303.5, 4194304.5, -0, 1e30];
    const expected = [0, 2, 2, -0, -2, 8388608, 0, 1, -2, 4194304, 4194304, -0, Math.fround(1e30)];
    const spec: Spec = {
      name: 'Round',
      since: 11,
      inputs: [floats([halves.length], halves.map(bitsOf))],
      output: { dtype: 'float32', dims: [halves.length] },
    };
    const sample = await examine(spec, bytesOf(expected.map(bitsOf)));
    for (const [i, value] of expected.entries()) {
      expect(await bench.claim(sample, i, BigInt(bitsOf(3 * value + 1)))).to.equal('convicted');
    }
    const run = (await runOnnx(spec))!;
    expect(wordsOf(run)).to.deep.equal(expected.map(bitsOf));
  });

  it('agree on LeakyRelu for any slope', async () => {
    for (const slope of [0.01, 0, -2, 1e-40, 3e38]) {
      const alpha = Math.fround(slope);
      const inputs = operands(1);
      const honest = values(inputs[0]).map((a) => bitsOf(a > 0 ? a : a === 0 ? a : Math.fround(alpha * a)));
      const spec: Spec = {
        name: 'LeakyRelu',
        since: random.pick([6, 16]),
        words: [bitsOf(alpha)],
        inputs,
        output: { dtype: 'float32', dims: [COUNT] },
        node: (b, names) => b.node('LeakyRelu', names, { attributes: { alpha: { float: alpha } } }),
      };
      await examine(spec, bytesOf(honest));
    }
  });

  it('permit of Min, Max and Clip the winning operand, either zero, and any operand beside a NaN', async () => {
    for (const [name, pick] of [
      ['Min', Math.min],
      ['Max', Math.max],
    ] as const) {
      for (const arity of [1, 2, 4]) {
        const inputs = operands(arity);
        const columns = inputs.map(values);
        const honest = bytesOf(columns[0].map((_, i) => bitsOf(pick(...columns.map((c) => c[i])))));
        await examine({ name, since: 13, inputs, output: { dtype: 'float32', dims: [COUNT] } }, honest);
      }
    }
    for (const [low, high] of [
      [-1, 1],
      [2, -2],
      [Number.NaN, 1],
      [-0, 0],
      [null, 3],
      [1e-42, null],
      [null, null],
    ]) {
      const bound = (value: number | null) => (value === null ? null : floats([], [bitsOf(value)]));
      const inputs = [operands(1)[0], bound(low), bound(high)];
      const honest = values(inputs[0]!).map((a) => bitsOf(Math.min(Math.max(a, low ?? -Infinity), high ?? Infinity)));
      const spec: Spec = {
        name: 'Clip',
        since: random.pick([11, 12, 13]),
        inputs,
        output: { dtype: 'float32', dims: [COUNT] },
      };
      await examine(spec, bytesOf(honest));
    }
  });

  it('agree on comparisons, where NaN compares with nothing', async () => {
    for (const [name, { versions, f }] of Object.entries(COMPARE)) {
      const inputs = operands(2);
      const [x, y] = inputs.map(values);
      const honest = Uint8Array.from(x, (a, i) => (f(a, y[i]) ? 1 : 0));
      const since = random.pick(versions);
      await examine({ name, since, inputs, output: { dtype: 'bool', dims: [COUNT] } }, honest);
    }
  });

  it('agree on Cast to integers and bool: towards zero, anything beyond the type', async () => {
    for (const to of ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool'] as DType[]) {
      const inputs = operands(1);
      const { size } = DTYPES[to];
      const honest = new Uint8Array(COUNT * size);
      for (const [i, a] of values(inputs[0]).entries()) {
        const whole = Number.isFinite(a) ? BigInt(Math.trunc(a)) : 0n;
        const bits = to === 'bool' ? (a === 0 ? 0n : 1n) : BigInt.asUintN(64, whole);
        for (let k = 0; k < size; k++) honest[i * size + k] = Number((bits >> BigInt(8 * k)) & 255n);
      }
      await examine(cast(inputs[0], to), honest);
    }
  });

  it('agree on Cast from integers and bool: rounded once, from 64 bits too', async () => {
    for (const from of ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'bool'] as DType[]) {
      const input = tensor(random, from, [COUNT]);
      const { size } = DTYPES[from];
      if (size === 8) hardIntegers(input.bytes);
      const honest = Array.from({ length: COUNT }, (_, i) => {
        const bits = input.bytes.slice(i * size, (i + 1) * size).reduceRight((n, b) => (n << 8n) | BigInt(b), 0n);
        const value = from.startsWith('int') ? BigInt.asIntN(8 * size, bits) : bits;
        return nearest(value << 149n, 1n);
      });
      await examine(cast(input, 'float32'), bytesOf(honest));
    }
  });

  it('broadcast any layout', async () => {
    const dims = [3, 1, 4, 2];
    const other = [5, 1, 2];
    const fill = (shape: number[]) =>
      floats(
        shape,
        Array.from({ length: shape.reduce((a, b) => a * b) }, () => adversarial(random)),
      );
    const [a, b] = [fill(dims), fill(other)];
    const honest: number[] = [];
    const [x, y] = [values(a), values(b)];
    for (let i = 0; i < 3 * 5 * 4 * 2; i++) {
      const [n, r, c, k] = [Math.floor(i / 40), Math.floor(i / 8) % 5, Math.floor(i / 2) % 4, i % 2];
      honest.push(bitsOf(Math.fround(x[(n * 4 + c) * 2 + k] - y[r * 2 + k])));
    }
    for (let repeat = 0; repeat < 3; repeat++) {
      await examine(
        { name: 'Sub', since: 14, inputs: [a, b], output: { dtype: 'float32', dims: [3, 5, 4, 2] } },
        bytesOf(honest),
      );
    }
  });

  it('refuse what the contract does not know, naming the node', () => {
    const spec: Spec = { name: 'Sqrt', since: 6, inputs: operands(1), output: { dtype: 'float32', dims: [COUNT] } };
    const { op } = sampleOf(spec, spec.inputs[0]!.bytes, random);
    expect(() => ieeeJudge.admit({ ...op, since: 1 })).to.throw('Sqrt#0');
    expect(() => ieeeJudge.admit({ ...op, name: 'Exp' })).to.throw('Exp');
    expect(() => ieeeJudge.admit({ ...op, outputTypes: [{ ...op.outputTypes[0], dtype: 'int32' }] })).to.throw('int32');
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.gas);
    expect(bench.counts.permitted).to.be.above(2500);
    expect(bench.counts.convicted).to.be.above(5000);
  });
});

function cast(input: Tensor, to: DType): Spec {
  return {
    name: 'Cast',
    since: random.pick([9, 13, 19, 21]),
    inputs: [input],
    output: { dtype: to, dims: input.dims },
    node: (b, names) => b.node('Cast', names, { attributes: { to: DTYPES[to].code } }),
  };
}

/** 64-bit integers whose rounding hangs on their lowest bits: halfway between floats, plus or minus one. */
function hardIntegers(bytes: Uint8Array): void {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  for (let i = 0; i < words.length; i += 2) {
    const shift = BigInt(random.between(1, 39));
    const half = ((BigInt(random.between(0x800000, 0xffffff)) << 1n) | 1n) << (shift - 1n);
    words[i] = BigInt.asUintN(64, half + BigInt(random.between(-1, 1)));
  }
}
