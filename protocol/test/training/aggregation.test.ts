import { aggregationProgram, compile, EssaimError } from '@essaim/protocol';
import { Executor } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import { floatsOf } from '../../../test/training/run-step.ts';

const TENSORS = [
  { name: 'w', dtype: 'float32', dims: [3, 4] },
  { name: 'b', dtype: 'float32', dims: [4] },
] as const;
const COUNTS = [12, 4];

describe('an aggregation program', () => {
  const next = random(5);
  const checkpoint = (): Float32Array[] => COUNTS.map((n) => Float32Array.from({ length: n }, () => 2 * next() - 1));
  const bytes = (tensors: readonly Float32Array[]): Uint8Array[] =>
    tensors.map((a) => new Uint8Array(a.slice().buffer));
  const length = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
    Math.sqrt(a.flatMap((x, i) => [...x].map((v, j) => (v - b[i][j]) ** 2)).reduce((p, q) => p + q));

  async function aggregate(base: Float32Array[], updates: Float32Array[][], weights: number[], clip?: number) {
    const { onnx } = aggregationProgram(TENSORS, { clip });
    const program = compile(onnx);
    const executor = await Executor.open(program, onnx);
    let average = bytes(base);
    const norms: number[] = [];
    for (const [seat, update] of updates.entries()) {
      const share = Float32Array.of(weights[seat] / weights.slice(0, seat + 1).reduce((a, b) => a + b));
      const results = await executor.run([...average, ...bytes(base), ...bytes(update), ...bytes([share])]);
      average = program.outputs.slice(0, -1).map(({ name }) => results[name]);
      norms.push(floatsOf(results.norm)[0]);
    }
    await executor.close();
    return { average: average.map(floatsOf), norms };
  }

  it('takes average, base, update and share in this order', () => {
    const program = compile(aggregationProgram(TENSORS).onnx);
    const sets = ['average', 'base', 'update'].flatMap((set) => [`${set}/w`, `${set}/b`]);
    expect(program.inputs.map(({ name }) => name)).to.deep.equal([...sets, 'share']);
    expect(program.outputs.map(({ name }) => name)).to.deep.equal(['next/w', 'next/b', 'norm']);
    for (const i of [0, 1]) {
      expect(program.values[program.outputs[i].value].type).to.deep.equal(program.inputs[i].type);
    }
  });

  it('makes the weighted mean of the updates, seat by seat', async () => {
    const [base, ...updates] = [checkpoint(), checkpoint(), checkpoint(), checkpoint()];
    const weights = [3, 1, 2];
    const { average, norms } = await aggregate(base, updates, weights);
    for (const [i, tensor] of average.entries()) {
      for (const [j, x] of tensor.entries()) {
        const mean = updates.reduce((sum, update, seat) => sum + (weights[seat] * update[i][j]) / 6, 0);
        expect(x).to.be.closeTo(mean, 1e-6);
      }
    }
    for (const [seat, norm] of norms.entries()) expect(norm).to.be.closeTo(length(updates[seat], base), 1e-5);
  });

  it('shortens an update that is too long, and says how long it was', async () => {
    const base = checkpoint();
    const far = base.map((tensor) => tensor.map((x) => x + 100));
    const near = base.map((tensor) => tensor.map((x) => x + 0.01));
    const { average, norms } = await aggregate(base, [far], [1], 0.5);
    expect(norms[0]).to.be.closeTo(400, 1e-2);
    expect(length(average, base)).to.be.closeTo(0.5, 1e-5);
    expect(length((await aggregate(base, [near], [1], 0.5)).average, near)).to.be.below(1e-6);
  });

  it('refuses a length that is none', () => {
    for (const clip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => aggregationProgram(TENSORS, { clip })).to.throw(EssaimError, `clip is ${clip}`);
    }
    expect(() => aggregationProgram([])).to.throw(EssaimError, 'no tensors');
  });
});
