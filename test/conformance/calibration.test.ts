import type { AttributeInput } from '@essaim/protocol';
import { expect } from 'chai';
import { INTERVALS } from '../../protocol/src/judges/activation-interval.ts';
import { bitsOf } from '../../protocol/src/judges/float32.ts';
import { type Interval, verdictOf } from '../../protocol/src/judges/interval.ts';
import { normalize, normalizeBatch } from '../../protocol/src/judges/normalize.ts';
import { softmax } from '../../protocol/src/judges/softmax.ts';
import { random } from '../random.ts';
import { KERNELS, type Kernel, type Operand, runKernel } from './kernels.ts';

/** Bounds are meant to be eight times the worst error seen; those that count roundings may be met more closely. */
const SHARE = 0.2;
const EPSILON = bitsOf(1e-5);
const next = random(8);
const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const numbers = (count: number, f: () => number): Float32Array => Float32Array.from({ length: count }, f);
const worst = new Map<string, number>();

/** How much of what is permitted an honest result uses up. */
function share(interval: Interval, result: number): number {
  if (interval.sharp === null) return 0;
  const unit = 2 ** interval.unit;
  const error = Math.abs(result - Number(interval.value) * unit);
  return error === 0 ? 0 : error / (Number(interval.sharp) * unit);
}

function note(what: string, most: number, limit = SHARE): void {
  worst.set(what, Math.max(worst.get(what) ?? 0, most));
  expect(most, what).to.be.below(limit);
}

const SPREADS = [
  () => 3 * gaussian(),
  () => 200 * (next() - 0.5),
  () => (next() - 0.5) * 2 ** (-20 * next()),
  () => (next() - 0.5) * 2 ** (100 * next()),
  () => 1 + (next() - 0.5) * 2 ** (-20 * next()),
];
const ALPHA = Math.fround(0.2);

interface Activation {
  attributes?: Record<string, AttributeInput>;
  words?: number[];
  domain?: (x: number) => number;
  limit?: number;
}
const ACTIVATIONS: [string, Activation][] = [
  ['Exp', {}],
  ['Log', { domain: Math.abs }],
  ['Erf', {}],
  ['Tanh', {}],
  ['Sigmoid', {}],
  ['Softplus', {}],
  ['Gelu', { words: [0] }],
  ['Gelu', { words: [1], attributes: { approximate: 'tanh' } }],
  ['HardSwish', { limit: 0.3 }],
  [
    'HardSigmoid',
    { words: [bitsOf(ALPHA), bitsOf(0.5)], attributes: { alpha: { float: ALPHA }, beta: { float: 0.5 } }, limit: 0.3 },
  ],
  ['Elu', { words: [bitsOf(1.5)], attributes: { alpha: { float: 1.5 } }, domain: (x) => -Math.abs(x) }],
  ['Sin', {}],
  ['Cos', {}],
  ['Reciprocal', {}],
];

async function activation(kernel: Kernel, name: string, of: Activation): Promise<number> {
  let most = 0;
  for (const spread of SPREADS) {
    const x = numbers(1000, spread).map((v) => (of.domain ?? ((same: number) => same))(v) || -1);
    const results = await runKernel(kernel, name, 22, of.attributes ?? {}, [{ dims: [x.length], data: x }]);
    for (const [i, result] of results.entries()) {
      if (Number.isFinite(result)) most = Math.max(most, share(INTERVALS[name](bitsOf(x[i]), of.words ?? []), result));
    }
  }
  return most;
}

async function rowsOf(
  kernel: Kernel,
  name: string,
  opset: number,
  attributes: Record<string, AttributeInput>,
  operands: Operand[],
  length: number,
  of: (row: Uint32Array, place: number, index: number) => unknown,
): Promise<number> {
  const results = await runKernel(kernel, name, opset, attributes, operands);
  const bits = new Uint32Array(operands[0].data.buffer);
  let most = 0;
  for (let i = 0; i < 40; i++) {
    const index = Math.floor(next() * results.length);
    const from = index - (index % length);
    const found = of(bits.subarray(from, from + length), index - from, index);
    if (typeof found === 'object') most = Math.max(most, share(found as Interval, results[index]));
  }
  return most;
}

/** Rows of 1,024 elements that make rounding errors add up. */
const CHOSEN: Record<string, (i: number) => number> = {
  'one large term': (i) => (i === 0 ? 1000 : 1e-3),
  'one large term among ones': (i) => (i === 0 ? 16 : 1e-6 * i),
  'equal terms': () => 0.1,
  'nearly equal terms': (i) => 100 + (i % 2) * 1e-4,
  'a ramp': (i) => i / 64,
  'a falling ramp': (i) => -i / 10,
  'opposite terms': (i) => (i % 2 ? 1 : -1) * (1000 + i * 1e-3),
  'powers of two': (i) => 2 ** -(i % 30),
  'every eighth large': (i) => (i % 8 ? 1e-4 : 300),
};

describe('Honest kernels keep well inside what is permitted', () => {
  for (const kernel of KERNELS) {
    for (const [name, of] of ACTIVATIONS) {
      it(`${kernel}: ${name}${of.attributes?.approximate ? ' by tanh' : ''}`, async () => {
        note(`${name}${of.words?.join() ?? ''} ${kernel}`, await activation(kernel, name, of), of.limit);
      });
    }

    for (const name of ['Softmax', 'LogSoftmax']) {
      it(`${kernel}: ${name}`, async () => {
        for (const [n, deviation] of [
          [10, 1],
          [128, 2],
          [128, 30],
          [1024, 4],
          [4096, 3],
        ]) {
          const x = { dims: [4, n], data: numbers(4 * n, () => deviation * gaussian()) };
          const most = await rowsOf(kernel, name, 13, {}, [x], n, (row, place) =>
            softmax(row, place, name === 'LogSoftmax'),
          );
          note(`${name} ${kernel}`, most, 0.35); // the distance to the greatest element is rounded once, and counted twice
        }
      });
    }

    for (const [name, opset] of [
      ['LayerNormalization', 17],
      ['RMSNormalization', 23],
      ['InstanceNormalization', 22],
      ['GroupNormalization', 21],
    ] as const) {
      it(`${kernel}: ${name}`, async () => {
        for (const [n, mean, deviation] of [
          [64, 0, 1],
          [768, 0, 1],
          [768, 1, 1],
          [768, 5, 1],
          [768, 30, 1],
          [4096, 5, 1],
        ]) {
          const channels = name === 'InstanceNormalization' || name === 'GroupNormalization';
          const x = { dims: channels ? [1, 4, n] : [4, n], data: numbers(4 * n, () => mean + deviation * gaussian()) };
          const size = channels ? 4 : n;
          const g = { dims: [size], data: numbers(size, () => 1 + gaussian()) };
          const b = { dims: [size], data: numbers(size, gaussian) };
          const operands = name === 'RMSNormalization' ? [x, g] : [x, g, b];
          const attributes: Record<string, AttributeInput> = { epsilon: { float: 1e-5 } };
          if (!channels) attributes.axis = -1;
          if (name === 'GroupNormalization') attributes.num_groups = 4;
          const most = await rowsOf(kernel, name, opset, attributes, operands, n, (row, place, index) => {
            const at = channels ? Math.floor(index / n) : place;
            const bias = operands.length > 2 ? bitsOf(b.data[at]) : 0;
            return normalize(row, place, EPSILON, operands.length > 2, bitsOf(g.data[at]), bias);
          });
          note(`${name} ${kernel}`, most);
        }
      });
    }

    it(`${kernel}: BatchNormalization`, async () => {
      for (const mean of [0, 1, 30]) {
        const [channels, size] = [16, 50];
        const x = { dims: [1, channels, size], data: numbers(channels * size, () => mean + gaussian()) };
        const others = [
          () => 1 + gaussian(),
          gaussian,
          () => mean + gaussian() / 10,
          () => 0.1 + Math.abs(gaussian()),
        ].map((f) => ({ dims: [channels], data: numbers(channels, f) }));
        const most = await rowsOf(kernel, 'BatchNormalization', 15, {}, [x, ...others], size, (row, place, index) => {
          const [g, b, m, v] = others.map(({ data }) => bitsOf(data[Math.floor(index / size)]));
          return normalizeBatch(row[place], g, b, m, v, EPSILON);
        });
        note(`BatchNormalization ${kernel}`, most);
      }
    });
  }

  for (const kernel of KERNELS) {
    it(`${kernel}: no row chosen to lose small terms, or the variance, is convicted`, async () => {
      const n = 1024;
      for (const [what, row] of Object.entries(CHOSEN)) {
        const x = { dims: [1, n], data: Float32Array.from({ length: n }, (_, i) => row(i)) };
        const bits = new Uint32Array(x.data.buffer);
        const scale = { dims: [n], data: numbers(n, () => 1 + gaussian()) };
        const bias = { dims: [n], data: numbers(n, gaussian) };
        const results = {
          softmax: await runKernel(kernel, 'Softmax', 13, {}, [x]),
          logarithm: await runKernel(kernel, 'LogSoftmax', 13, {}, [x]),
          layer: await runKernel(kernel, 'LayerNormalization', 17, {}, [x, scale, bias]),
          rms: await runKernel(kernel, 'RMSNormalization', 23, { epsilon: { float: 1e-5 } }, [x, scale]),
        };
        for (let place = 0; place < n; place += 93) {
          const [g, b] = [bitsOf(scale.data[place]), bitsOf(bias.data[place])];
          const found = {
            softmax: softmax(bits, place, false),
            logarithm: softmax(bits, place, true),
            layer: normalize(bits, place, EPSILON, true, g, b),
            rms: normalize(bits, place, EPSILON, false, g, 0),
          };
          for (const [name, interval] of Object.entries(found)) {
            if (typeof interval !== 'object' || !('value' in interval)) continue;
            const verdict = verdictOf(interval, bitsOf(results[name as keyof typeof results][place]));
            expect(verdict, `${name} of ${what}, element ${place}`).not.to.equal('convicted');
          }
        }
      }
    });
  }

  for (const kernel of KERNELS) {
    for (const [name, opset] of [
      ['LayerNormalization', 17],
      ['InstanceNormalization', 22],
      ['GroupNormalization', 21], // which takes the mean square less the mean's square
    ] as const) {
      const asked = name === 'GroupNormalization' ? 'never convicted' : 'permitted';
      it(`${kernel}: ${name} of nearly constant rows is ${asked}`, async () => {
        for (const n of [96, 768, 4096]) {
          for (const mean of [0.1, 1, -30.7, 1000.3]) {
            for (const relative of [0, 1e-6, 1e-4, 1e-2]) {
              for (const epsilon of [1e-12, 1e-5]) {
                const layer = name === 'LayerNormalization';
                const x = {
                  dims: layer ? [1, n] : [1, 1, n],
                  data: numbers(n, () => mean * (1 + relative * gaussian())),
                };
                const size = layer ? n : 1;
                const [scale, bias] = [1, 0].map((v) => ({ dims: [size], data: new Float32Array(size).fill(v) }));
                const attributes: Record<string, AttributeInput> = { epsilon: { float: epsilon } };
                if (layer) attributes.axis = -1;
                if (name === 'GroupNormalization') attributes.num_groups = 1;
                const results = await runKernel(kernel, name, opset, attributes, [x, scale, bias]);
                const bits = new Uint32Array(x.data.buffer);
                const place = Math.floor(next() * n);
                const found = normalize(bits, place, bitsOf(epsilon), true, bitsOf(1), 0);
                if (typeof found !== 'object' || !('value' in found)) throw new Error('no interval');
                const what = `${n} elements ${mean} ± ${relative * mean}, epsilon ${epsilon}: ${results[place]}`;
                const verdict = verdictOf(found, bitsOf(results[place]));
                if (asked === 'permitted') expect(verdict, what).to.equal('permitted');
                else if (!(found.singular && !Number.isFinite(results[place])))
                  expect(verdict, what).not.to.equal('convicted');
              }
            }
          }
        }
      });
    }
  }

  after(() => {
    if (process.env.VERBOSE) console.log(worst);
  });
});
