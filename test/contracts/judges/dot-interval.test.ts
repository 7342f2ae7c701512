import { concat, encodeOperator, uint } from '@essaim/protocol';
import { expect } from 'chai';
import { network } from 'hardhat';
import { dotJudge } from '../../../protocol/src/judges/dot.ts';
import { Bench } from './bench.ts';
import { dotSample } from './dot-samples.ts';
import { adversarial, bitsOf, bytesOf, fixed, floatOf, NAN, nearest, next } from './floats.ts';
import { Random } from './random.ts';
import type { Sample, Spec } from './sample.ts';

const random = new Random(31);
const sign = (): number => random.below(2) * 0x80000000;
const field = (low: number, high: number): number =>
  sign() + (random.between(low, high) << 23) + random.below(0x800000);
const finite = (bits: number): boolean => (bits & 0x7f800000) !== 0x7f800000;

/** Families of operands, each a way to make an element of a row of `n`. */
const FAMILIES: Record<string, (i: number, n: number) => number> = {
  real: () => field(115, 128),
  any: () => field(0, 254),
  subnormal: () => sign() + random.below(0x800000),
  tiny: () => field(0, 70),
  huge: () => field(180, 254),
  integers: () => bitsOf(random.between(-300, 300)),
  largeIntegers: () => bitsOf(random.between(-4100, 4100)),
  scaled: () => bitsOf(random.between(-100, 100) * 2 ** -60),
  sparse: () => (random.chance(70) ? sign() : field(100, 140)),
  oneLarge: (i) => (i === 0 ? field(140, 150) : field(110, 116)),
  cancelling: (i, n) => bitsOf((i < n / 2 ? 1 : -1) * Math.fround(1 + ((i % Math.ceil(n / 2)) % 7) / 3)),
  adversarial: () => {
    const bits = adversarial(random);
    return finite(bits) ? bits : 0;
  },
};

/** Exact sums of a row and a column, over 2^298. */
function sums(a: number[], b: number[]) {
  let [sum, total, quantum, flushed] = [0n, 0n, 0n, 0n];
  const small = (bits: number) => (bits & 0x7f800000) === 0;
  for (const [i, x] of a.entries()) {
    const product = fixed(x) * fixed(b[i]);
    const magnitude = product < 0n ? -product : product;
    sum += product;
    total += magnitude;
    quantum |= magnitude;
    if (small(x) || small(b[i])) flushed += magnitude;
  }
  quantum &= -quantum;
  const exact = total === 0n || (total <= quantum << 24n && quantum >= 1n << 172n);
  return { sum, total, exact, flushed };
}

/** The last value that the twin gives `verdict` or better going one way from `start`, which it permits. */
function edge(
  verdictOf: (bits: number) => string,
  start: number,
  direction: number,
  allowed: readonly string[],
): number {
  const top = direction > 0 ? 0x7f7fffff : 0xff7fffff;
  let [low, high] = [0, 1];
  const reach = (step: number): number => {
    const bits = next(start, direction * step);
    return finite(bits) && step < 2 ** 32 ? bits : top;
  };
  const ok = (step: number): boolean => allowed.includes(verdictOf(reach(step)));
  while (high < 2 ** 32 && ok(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ok(middle)) low = middle;
    else high = middle;
  }
  return reach(low);
}

describe('The interval of a dot product', () => {
  let bench: Bench;
  const seen = { exact: 0, wide: 0, void: 0 };
  before(async () => {
    bench = await Bench.of(dotJudge);
  });
  afterEach(() => bench.flush());

  function matmul(rows: number[][], columns: number[][]): Sample {
    const [m, n, k] = [rows.length, columns.length, rows[0].length];
    const b = Array.from({ length: k * n }, (_, i) => columns[i % n][Math.floor(i / n)]);
    const spec: Spec = {
      name: 'MatMul',
      since: 13,
      inputs: [
        { dtype: 'float32', dims: [m, k], bytes: bytesOf(rows.flat()) },
        { dtype: 'float32', dims: [k, n], bytes: bytesOf(b) },
      ],
      output: { dtype: 'float32', dims: [m, n] },
    };
    const sample = dotSample(spec, [0, 0x01], 0, new Uint8Array(4 * m * n));
    dotJudge.admit(sample.op);
    return sample;
  }

  /** What the twin says of one element, without asking the contract. */
  function twin(sample: Sample, element: number): (bits: number) => string {
    const trial = dotJudge.try(sample.op, 1, 0, element, 0n);
    let step = trial.next();
    while (!step.done) {
      const { slot, offset, length } = step.value;
      step = trial.next(sample.operands[slot]!.subarray(offset, offset + length));
    }
    const permitted = step.value;
    return (bits) => permitted.verdict(BigInt(bits));
  }

  async function examine(sample: Sample, element: number, a: number[], b: number[]): Promise<void> {
    const { sum, total, exact, flushed } = sums(a, b);
    const claim = (bits: number) => bench.claim(sample, element, BigInt(bits));
    const what = `[${a}] · [${b}]`;
    const nearestTo = (value: bigint) => nearest(value, 1n << 149n);
    const honest = nearestTo(sum);
    if (finite(honest)) {
      expect(await claim(honest), what).to.equal('permitted');
      const verdictOf = twin(sample, element);
      const direction = random.pick([1, -1]);
      for (const allowed of [['permitted'], ['permitted', 'void']]) {
        const last = edge(verdictOf, honest, direction, allowed);
        await claim(last);
        if (finite(next(last, direction))) await claim(next(last, direction));
      }
    }
    for (const bits of [0x7f800000, 0xff800000, NAN, NAN + 1, sign()]) await claim(bits);

    if (exact && flushed === 0n) {
      seen.exact++;
      if (!finite(honest)) return;
      for (const step of sum === 0n ? [2, -2] : [1, -1]) {
        expect(await claim(next(honest, step)), what).to.equal('convicted');
      }
      if (sum === 0n) for (const zero of [0, 0x80000000]) expect(await claim(zero), what).to.equal('permitted');
      return;
    }
    seen.wide++;
    const underflow = exact ? 0n : BigInt(2 * a.length) << 172n; // 2^-126 over 2^298
    // the second operand is no weight, and one row or column has no blocks
    const chain = Math.max(256, a.length);
    const c = BigInt(chain + Math.ceil(a.length / 256));
    const sharp = 8n * BigInt(Math.floor(Math.sqrt(chain)));
    const ulps = (factor: bigint) => (exact ? 0n : (total * factor) >> 24n);
    for (const [offset, verdict] of [
      [(ulps(sharp) * 9n) / 10n + flushed / 2n, 'permitted'],
      [ulps(sharp + 1n) + underflow + flushed + (ulps(c - sharp - 2n) * 9n) / 10n, 'void'],
      [ulps(c + 1n) + underflow + 2n * flushed, 'convicted'],
    ] as const) {
      for (const value of [sum + offset, sum - offset]) {
        const bits = nearestTo(value);
        // the nearest float may lie elsewhere in the interval: only where floats are dense does its place say something
        const slip = finite(bits) ? fixed(bits) * (1n << 149n) - value : total;
        if ((slip < 0n ? -slip : slip) * 16n > (exact ? flushed : ulps(8n))) continue;
        const expected = exact && verdict === 'void' ? undefined : verdict;
        if (expected) expect(await claim(bits), `${what}: ${floatOf(bits)}`).to.equal(expected);
        if (expected === 'void') seen.void++;
      }
    }
  }

  for (const [length, families] of [
    [3, Object.keys(FAMILIES)],
    [8, Object.keys(FAMILIES)],
    [21, Object.keys(FAMILIES)],
    [300, ['real', 'integers', 'oneLarge', 'cancelling']],
  ] as const) {
    it(`is the same on chain and off for ${length} terms, and holds the exact sum`, async () => {
      const repeats = length === 8 || length > 100 ? 1 : 2;
      const make = (of: readonly string[]) =>
        of.flatMap((name) =>
          Array.from({ length: repeats }, () => Array.from({ length }, (_, i) => FAMILIES[name](i, length))),
        );
      const [rows, columns] = [make(families), make(families)];
      const sample = matmul(rows, columns);
      for (const [m, row] of rows.entries()) {
        for (const [n, column] of columns.entries()) await examine(sample, m * columns.length + n, row, column);
      }
    });
  }

  it('has no width up to a sum of 2^24 quanta, and one beyond', async () => {
    const at = (bits: number[], ones: number[]) => examine(matmul([bits], [ones]), 0, bits, ones);
    const one = bitsOf(1);
    for (const scale of [1, 2 ** -60, 2 ** 60, 2 ** -126]) {
      const half = bitsOf(2 ** 23 * scale);
      const [unit, most] = [bitsOf(scale), bitsOf((2 ** 23 - 1) * scale)];
      const before = seen.exact;
      await at([half, most, unit], [one, one, one]);
      await at([half, most, unit], [one, one, bitsOf(-1)]);
      expect(seen.exact - before).to.equal(2);
      await at([half, half, unit], [one, one, one]);
      expect(seen.exact - before).to.equal(2);
    }
  });

  it('allows for chains of additions as long as kernels make them: by weight, width and rank', async () => {
    const terms = 1500;
    const make = (count: number) =>
      Array.from({ length: count }, () => Array.from({ length: terms }, () => field(120, 127)));
    const widths: number[] = [];
    for (const [rows, columns, kind] of [
      [2, 2, 'weight'],
      [1, 2, 'weight'],
      [2, 2, 'value'],
      [1, 2, 'value'],
      [2, 1, 'value'],
    ] as const) {
      const [a, b] = [make(rows), make(columns)];
      const sample = matmul(a, b);
      const op = { ...sample.op, inputs: [sample.op.inputs[0], { kind, index: 0 }] };
      const { sum, total } = sums(a[0], b[0]);
      const honest = nearest(sum, 1n << 149n);
      const verdictOf = twin({ ...sample, op }, 0);
      for (const allowed of [['permitted'], ['permitted', 'void']]) {
        const last = edge(verdictOf, honest, 1, allowed);
        for (const bits of [last, next(last, 1)]) await bench.claim({ ...sample, op }, 0, BigInt(bits));
        widths.push(Number(((fixed(last) * (1n << 149n) - sum) << 24n) / total));
      }
    }
    // a value between two floats may cost one or two of the last places
    const expected = [128, 262, 128, 262, 256, 1030, 304, 1506, 304, 1506];
    for (const [i, width] of widths.entries()) expect(width).to.be.within(expected[i] * 0.97 - 2, expected[i]);
  });

  it('permits infinities and NaN only where arithmetic can give them', async () => {
    const [infinity, minus, huge, one, zero] = [0x7f800000, 0xff800000, 0x7f7fffff, bitsOf(1), 0];
    const [big, small] = [bitsOf(2 ** 120), bitsOf(2 ** 119)];
    const negative = (bits: number) => (bits ^ 0x80000000) >>> 0;
    for (const [row, column, permitted] of [
      [[infinity, one], [one, one], [infinity]],
      [[infinity, one], [negative(one), one], [minus]],
      [[infinity, minus], [one, one], [NAN]],
      [[infinity, one], [zero, one], [NAN]],
      [
        [infinity, one],
        [5, one],
        [infinity, NAN],
      ],
      [[NAN, one], [one, one], [NAN]],
      [
        [infinity, big],
        [one, negative(big)],
        [infinity, NAN],
      ],
      [[big, one], [big, one], [infinity]],
      [
        [big, big],
        [big, negative(big)],
        [infinity, minus, NAN],
      ],
      [[bitsOf(2 ** 127), one], [one, one], []],
      [[huge, one], [one, one], [infinity]],
      [[huge, huge], [one, one], [infinity]],
      [[big, one], [small, infinity], [infinity]],
    ] as const) {
      const sample = matmul([[...row]], [[...column]]);
      for (const bits of [infinity, minus, NAN, NAN + 1, negative(NAN)]) {
        const expected = (permitted as readonly number[]).includes(bits) ? 'permitted' : 'convicted';
        expect(await bench.claim(sample, 0, BigInt(bits)), `[${row}] · [${column}]: ${bits}`).to.equal(expected);
      }
    }
  });

  it('describes itself in numbers', () => {
    const describe = (a: number[], b: number[]): string => {
      const sample = matmul([a.map(bitsOf)], [b.map(bitsOf)]);
      const trial = dotJudge.try(sample.op, 1, 0, 0, 0n);
      trial.next();
      trial.next(sample.operands[0]!);
      const step = trial.next(sample.operands[1]!);
      return step.done ? step.value.describe() : '';
    };
    expect(describe([3, 4], [5, 10.5])).to.equal('exactly 57');
    expect(describe([0.1], [0.3])).to.match(/^between 0\.0299\d+ and 0\.0300\d+$/);
  });

  it('adds up as many bytes as it takes, at their extremes', async () => {
    const terms = 1 << 15;
    for (const [dtype, a, zeroA, b, zeroB] of [
      ['uint8', 255, 0, 255, 0],
      ['uint8', 255, 0, 0, 255],
      ['int8', -128, 127, -128, 127],
      ['int8', 127, -128, -128, 127],
      ['int8', -128, 0, 127, 0],
    ] as const) {
      const filled = (dims: number[], value: number) => ({
        dtype,
        dims,
        bytes: new Uint8Array(dims.reduce((x, y) => x * y, 1)).fill(value),
      });
      const inputs = [filled([1, terms], a), filled([terms, 1], b), filled([], zeroA), filled([], zeroB)];
      const spec: Spec = { name: 'MatMulInteger', since: 10, inputs, output: { dtype: 'int32', dims: [1, 1] } };
      const honest = BigInt.asUintN(32, BigInt(terms * (a - zeroA) * (b - zeroB)));
      const sample = dotSample(spec, [0, 0x01], 0, new Uint8Array(4));
      expect(await bench.claim(sample, 0, honest)).to.equal('permitted');
      expect(await bench.claim(sample, 0, honest ^ 1n)).to.equal('convicted');
      await bench.flush();
    }
  });

  it('is unknown under other numerics', async () => {
    const { op, operands } = matmul([[0]], [[0]]);
    const { ethers } = await network.getOrCreate();
    const judge = await ethers.deployContract('DotJudge');
    const evidence = concat([0, 1].flatMap((slot) => [uint(slot, 1), uint(0, 4), uint(4, 4), operands[slot]!]));
    const ask = (numerics: number) => judge.judge(encodeOperator(op), numerics, 0, 0, 0, evidence);
    expect(await ask(1)).to.equal(0n);
    await expect(ask(2)).to.be.revertedWithCustomError(judge, 'Judge_Numerics').withArgs(2n);
  });

  it('costs what a transaction has', async () => {
    for (const [label, terms, limit, make] of [
      ['integers in float32', 1024, 230_000, () => bitsOf(random.between(-127, 127))],
      ['float32', 1024, 230_000, () => FAMILIES.real(0, 0)],
      ['float32 with subnormals', 1024, 400_000, () => FAMILIES.any(0, 0)],
      ['float32 with infinities', 1024, 700_000, () => sign() + 0x7f800000],
      ['float32', 8192, 2_000_000, () => FAMILIES.real(0, 0)],
    ] as const) {
      const row = Array.from({ length: terms }, make);
      const sample = matmul([row], [Array.from({ length: terms }, make)]);
      bench.gas.clear();
      await bench.claim(sample, 0, 0n);
      await bench.flush();
      const gas = bench.gas.get('MatMul')!;
      console.log(`      ${label}, ${terms} terms: ${gas} gas`);
      expect(gas).to.be.below(limit);
    }
    const bytes = (dims: number[]) => ({
      dtype: 'int8' as const,
      dims,
      bytes: Uint8Array.from({ length: 4096 }, () => random.below(256)),
    });
    const inputs = [bytes([1, 4096]), bytes([4096, 1])];
    const spec: Spec = { name: 'MatMulInteger', since: 10, inputs, output: { dtype: 'int32', dims: [1, 1] } };
    await bench.claim(dotSample(spec, [0, 0x01], 0, new Uint8Array(4)), 0, 0n);
    await bench.flush();
    console.log(`      int8, 4096 terms: ${bench.gas.get('MatMulInteger')} gas`);
    expect(bench.gas.get('MatMulInteger')).to.be.below(82_500);
  });

  after(() => {
    if (process.env.VERBOSE) console.log(seen, bench.counts);
    expect(seen.exact).to.be.above(100);
    expect(seen.wide).to.be.above(900);
    expect(seen.void).to.be.above(300);
  });
});
