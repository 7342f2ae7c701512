import { DTYPES, type DType } from '@essaim/protocol';
import { expect } from 'chai';
import { integerJudge } from '../../../protocol/src/judges/integer.ts';
import { Bench } from './bench.ts';
import { Random, writeElement } from './random.ts';
import { type Spec, type Tensor, tensor } from './sample.ts';

const random = new Random(2);
const SIGNED = ['int8', 'int16', 'int32', 'int64'] as const;
const INTEGERS = [...SIGNED, 'uint8', 'uint16', 'uint32', 'uint64'] as const;

/** Dimensions that broadcast to `to`. */
const broadcastable = (to: number[]): number[] =>
  to.slice(random.below(to.length + 1)).map((size) => (random.chance(35) ? 1 : size));

const read = ({ dtype, bytes }: Tensor): bigint[] => {
  const { size } = DTYPES[dtype];
  return Array.from({ length: bytes.length / size }, (_, i) => {
    const bits = bytes.slice(i * size, (i + 1) * size).reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
    return dtype.startsWith('int') ? BigInt.asIntN(8 * size, bits) : bits;
  });
};

/** Exact results, where ONNX Runtime has no kernel: `f` of each tuple of row-major elements of equal shapes. */
function exact(spec: Spec, f: (...values: bigint[]) => bigint): () => Uint8Array {
  return () => {
    const { dtype } = spec.output;
    const operands = spec.inputs.map((input) => input && read(input));
    const count = spec.output.dims.reduce((a, b) => a * b, 1);
    const out = new Uint8Array(count * DTYPES[dtype].size);
    for (let i = 0; i < count; i++) {
      const values = operands.map((o) => o && (o.length === 1 ? o[0] : o[i])) as bigint[];
      writeElement(out, i, DTYPES[dtype].size, BigInt.asUintN(64, f(...values)));
    }
    return out;
  };
}

const big = (yes: boolean) => (yes ? 1n : 0n);
const least = (...values: bigint[]) => values.reduce((a, b) => (a < b ? a : b));
const greatest = (...values: bigint[]) => values.reduce((a, b) => (a > b ? a : b));

interface Operator {
  versions: number[];
  from: readonly DType[];
  to?: DType;
  arity: () => number;
  f: (...values: bigint[]) => bigint;
}
const one = () => 1;
const two = () => 2;
const several = () => (random.chance(10) ? 60 : random.between(1, 5));
const compare = (
  versions: number[],
  f: (a: bigint, b: bigint) => boolean,
  from: readonly DType[] = INTEGERS,
): Operator => ({
  versions,
  from,
  to: 'bool',
  arity: two,
  f: (a, b) => big(f(a, b)),
});
const logic = (f: (a: bigint, b: bigint) => bigint): Operator => ({ versions: [7], from: ['bool'], arity: two, f });

const OPERATORS: Record<string, Operator> = {
  Add: { versions: [13, 14], from: INTEGERS, arity: two, f: (a, b) => a + b },
  Sub: { versions: [13, 14], from: INTEGERS, arity: two, f: (a, b) => a - b },
  Mul: { versions: [13, 14], from: INTEGERS, arity: two, f: (a, b) => a * b },
  Div: { versions: [13, 14], from: INTEGERS, arity: two, f: (a, b) => a / b },
  Min: { versions: [13], from: INTEGERS, arity: several, f: least },
  Max: { versions: [13], from: INTEGERS, arity: several, f: greatest },
  Neg: { versions: [13], from: SIGNED, arity: one, f: (a) => -a },
  Abs: { versions: [13], from: INTEGERS, arity: one, f: (a) => (a < 0n ? -a : a) },
  Sign: { versions: [13], from: INTEGERS, arity: one, f: (a) => (a < 0n ? -1n : big(a > 0n)) },
  Relu: { versions: [14], from: SIGNED, arity: one, f: (a) => greatest(a, 0n) },
  Equal: compare([13, 19], (a, b) => a === b, [...INTEGERS, 'bool']),
  Greater: compare([13], (a, b) => a > b),
  Less: compare([13], (a, b) => a < b),
  GreaterOrEqual: compare([12, 16], (a, b) => a >= b),
  LessOrEqual: compare([12, 16], (a, b) => a <= b),
  And: logic((a, b) => a & b),
  Or: logic((a, b) => a | b),
  Xor: logic((a, b) => a ^ b),
  Not: { versions: [1], from: ['bool'], arity: one, f: (a) => 1n - a },
};

/** Divisors that no rule forbids: neither 0 nor -1. */
function divisors(of: Tensor): Tensor {
  const { size } = DTYPES[of.dtype];
  read(of).forEach((value, i) => {
    if (value === 0n || value === -1n) writeElement(of.bytes, i, size, 3n);
  });
  return of;
}

function make(name: string, { to, arity }: Operator, dtype: DType, since: number, stretch: boolean): Spec {
  const dims = random.dims(random.between(1, 4));
  const inputs = Array.from({ length: arity() }, (_, i) =>
    tensor(random, dtype, i > 0 && stretch ? broadcastable(dims) : dims),
  );
  if (name === 'Div') divisors(inputs[1]);
  // Elements that are equal are rare by chance.
  if (inputs.length > 1 && inputs[1].bytes.length === inputs[0].bytes.length && name !== 'Div') {
    inputs[1].bytes.set(inputs[0].bytes.subarray(0, (inputs[0].bytes.length >> 4) << 3));
  }
  return { name, since, inputs, output: { dtype: to ?? dtype, dims } };
}

describe('IntegerJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(integerJudge);
    bench.strict = true;
  });

  for (const [name, operator] of Object.entries(OPERATORS)) {
    it(`agree on ${name} of ${operator.from.length} types`, async () => {
      for (const since of operator.versions) {
        for (const dtype of operator.from) {
          const spec = make(name, operator, dtype, since, false);
          const run = await bench.examine(spec, random, 5, exact(spec, operator.f));
          if (run) await bench.examine(make(name, operator, dtype, since, true), random, 8);
        }
      }
      await bench.flush();
    });
  }

  it('agree on Clip with both, one or no bound, even when they cross', async () => {
    for (const dtype of INTEGERS) {
      for (const [low, high] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ]) {
        const dims = random.dims(random.between(1, 4));
        const bound = (present: boolean) => (present ? tensor(random, dtype, []) : null);
        const inputs = [tensor(random, dtype, dims), bound(low), bound(high)];
        const spec: Spec = { name: 'Clip', since: 13, inputs, output: { dtype, dims } };
        const reference = exact(spec, (a, b, c) => least(greatest(a, b ?? a), c ?? 2n ** 70n));
        await bench.examine(spec, random, 5, reference);
      }
    }
    await bench.flush();
  });

  it('agree on Cast between every pair of integer types and bool', async () => {
    const types: DType[] = [...INTEGERS, 'bool'];
    for (const from of types) {
      for (const [i, to] of types.entries()) {
        const dims = random.dims(random.between(1, 4));
        await bench.examine(
          {
            name: 'Cast',
            since: [13, 19, 21][i % 3],
            inputs: [tensor(random, from, dims)],
            output: { dtype: to, dims },
            node: (b, names) => b.node('Cast', names, { attributes: { to: DTYPES[to].code } }),
          },
          random,
          4,
        );
      }
    }
    await bench.flush();
  });

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas);
    expect(bench.counts.permitted).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(2000);
    expect(bench.counts.reverted).to.be.above(300);
  });
});
