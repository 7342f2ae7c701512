import { DTYPES, type DType } from '@essaim/protocol';
import { expect } from 'chai';
import { moveJudge } from '../../../protocol/src/judges/move.ts';
import { Bench } from './bench.ts';
import { Random } from './random.ts';
import { type Spec, tensor } from './sample.ts';

const random = new Random(1);
const dtypes = Object.keys(DTYPES) as DType[];
const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

/** Dimensions with the same number of elements. */
function reshaped(dims: number[]): number[] {
  const factors = dims.flatMap((d) => (d === 4 ? [2, 2] : [d]));
  const groups = Array.from({ length: random.between(1, 4) }, () => 1);
  for (const factor of factors) groups[random.below(groups.length)] *= factor;
  return groups;
}

const sameOrder = (name: string, since: number) => (): Spec => {
  const dtype = random.pick(dtypes);
  const dims = random.dims(random.between(1, 4));
  const x = tensor(random, dtype, dims);
  const spec = (to: number[], node: Spec['node']): Spec => ({
    name,
    since,
    inputs: [x],
    output: { dtype, dims: to },
    node,
  });
  if (name === 'Reshape') {
    const to = reshaped(dims);
    return spec(to, (b, [n]) => b.node('Reshape', [n, b.ints([to.length], to)]));
  }
  if (name === 'Flatten') {
    const axis = random.between(0, dims.length);
    const to = [product(dims.slice(0, axis)), product(dims.slice(axis))];
    return spec(to, (b, [n]) => b.node('Flatten', [n], { attributes: { axis } }));
  }
  if (name === 'Unsqueeze') {
    const axis = random.between(0, dims.length);
    return spec(dims.toSpliced(axis, 0, 1), (b, [n]) => b.node('Unsqueeze', [n, b.ints([1], [axis])]));
  }
  if (name === 'Squeeze') {
    const axis = random.below(dims.length);
    dims[axis] = 1;
    const input = tensor(random, dtype, dims);
    const node: Spec['node'] = (b, [n]) => b.node('Squeeze', [n, b.ints([1], [axis])]);
    return { name, since, inputs: [input], output: { dtype, dims: dims.toSpliced(axis, 1) }, node };
  }
  return spec(dims, (b, [n]) => b.node('Identity', [n]));
};

const transpose = (since: number) => (): Spec => {
  const dtype = random.pick(dtypes);
  const dims = random.dims(random.between(1, 8), 3);
  const perm = random.shuffled([...dims.keys()]);
  return {
    name: 'Transpose',
    since,
    words: perm,
    inputs: [tensor(random, dtype, dims)],
    output: { dtype, dims: perm.map((axis) => dims[axis]) },
    node: (b, names) => b.node('Transpose', names, { attributes: { perm } }),
  };
};

const slice = (): Spec => {
  const dtype = random.pick(dtypes);
  const dims = random.dims(random.between(1, 4), 7);
  const steps = dims.map(() => random.pick([1, 1, 2, 3, -1, -2]));
  const starts = dims.map((size) => random.below(size));
  const counts = dims.map((size, i) =>
    random.between(1, Math.ceil((steps[i] > 0 ? size - starts[i] : starts[i] + 1) / Math.abs(steps[i]))),
  );
  const ends = dims.map((_, i) => {
    const end = starts[i] + steps[i] * (counts[i] - 1) + Math.sign(steps[i]);
    return end < 0 ? -1000 : end;
  });
  const rank = dims.length;
  return {
    name: 'Slice',
    since: 13,
    words: [...starts, ...steps],
    inputs: [tensor(random, dtype, dims)],
    output: { dtype, dims: counts },
    node: (b, [n]) =>
      b.node('Slice', [
        n,
        b.ints([rank], starts),
        b.ints([rank], ends),
        b.ints([rank], [...dims.keys()]),
        b.ints([rank], steps),
      ]),
  };
};

/** Dimensions that broadcast to `to`. */
const broadcastable = (to: number[]): number[] =>
  to.slice(random.below(to.length + 1)).map((size) => (random.chance(35) ? 1 : size));

const expand = (): Spec => {
  const dtype = random.pick(dtypes);
  const to = random.dims(random.between(1, 4));
  return {
    name: 'Expand',
    since: 13,
    inputs: [tensor(random, dtype, broadcastable(to))],
    output: { dtype, dims: to },
    node: (b, [n]) => b.node('Expand', [n, b.ints([to.length], to)]),
  };
};

const where = (since: number) => (): Spec => {
  const dtype = random.pick(['float32', 'int32', 'int64', 'uint8'] as const);
  const to = random.dims(random.between(1, 4));
  const inputs = [
    tensor(random, 'bool', to),
    tensor(random, dtype, broadcastable(to)),
    tensor(random, dtype, broadcastable(to)),
  ];
  return { name: 'Where', since, inputs, output: { dtype, dims: to } };
};

const concat = (): Spec => {
  const dtype = random.pick(dtypes);
  const dims = random.dims(random.between(1, 4));
  const axis = random.below(dims.length);
  const sizes = Array.from({ length: random.chance(10) ? 60 : random.between(1, 5) }, () => random.between(0, 4));
  sizes[0] ||= 1;
  return {
    name: 'Concat',
    since: 13,
    words: [axis],
    inputs: sizes.map((size) => tensor(random, dtype, dims.with(axis, size))),
    output: {
      dtype,
      dims: dims.with(
        axis,
        sizes.reduce((a, b) => a + b),
      ),
    },
    node: (b, names) => b.node('Concat', names, { attributes: { axis } }),
  };
};

const gather = (): Spec => {
  const dtype = random.pick(dtypes);
  const dims = random.dims(random.between(1, 4));
  const axis = random.below(dims.length);
  const kind = random.pick(['int64', 'int32'] as const);
  const shape = random.dims(random.between(0, 3), 3);
  const places = Array.from({ length: product(shape) }, () => random.between(-dims[axis], dims[axis] - 1));
  const array = kind === 'int64' ? BigInt64Array.from(places, BigInt) : Int32Array.from(places);
  return {
    name: 'Gather',
    since: 13,
    words: [axis],
    inputs: [tensor(random, dtype, dims), { dtype: kind, dims: shape, bytes: new Uint8Array(array.buffer) }],
    output: { dtype, dims: [...dims.slice(0, axis), ...shape, ...dims.slice(axis + 1)] },
    node: (b, names) => b.node('Gather', names, { attributes: { axis } }),
  };
};

const VERSIONS: Record<string, (() => Spec)[]> = {
  Relayout: [sameOrder('Relayout', 1)],
  Identity: [13, 14, 16, 19, 21].map((since) => sameOrder('Identity', since)),
  Reshape: [13, 14, 19, 21].map((since) => sameOrder('Reshape', since)),
  Flatten: [13, 21].map((since) => sameOrder('Flatten', since)),
  Squeeze: [13, 21].map((since) => sameOrder('Squeeze', since)),
  Unsqueeze: [13, 21].map((since) => sameOrder('Unsqueeze', since)),
  Transpose: [13, 21].map(transpose),
  Slice: [slice],
  Expand: [expand],
  Where: [9, 16].map(where),
  Concat: [concat],
  Gather: [gather],
};

describe('MoveJudge and its twin', () => {
  let bench: Bench;
  before(async () => {
    bench = await Bench.of(moveJudge);
    bench.strict = true;
  });

  for (const [name, makers] of Object.entries(VERSIONS)) {
    it(`agree on ${name}, in every layout, and permit what ONNX Runtime computes`, async () => {
      for (let i = 0; i < 24; i++) {
        const spec = makers[i % makers.length]();
        await bench.examine(spec, random, 4);
      }
      await bench.flush();
    });
  }

  after(() => {
    if (process.env.VERBOSE) console.log(bench.counts, bench.share, bench.gas);
    expect(bench.counts.permitted).to.be.above(1000);
    expect(bench.counts.convicted).to.be.above(2000);
    expect(bench.counts.reverted).to.be.above(300);
  });
});
