import { compile, OnnxBuilder } from '@essaim/protocol';
import { decision, describeNumerics, type Output, readModelManifest } from '@essaim/sdk';
import { expect } from 'chai';
import { driftOfOutput } from '../src/content/numerics.ts';
import { failureOf } from './world.ts';

const output = (numbers: readonly number[], dims: readonly number[], contract: number | null): Output => ({
  name: 'logits',
  data: Float32Array.from(numbers),
  dims,
  drift: contract === null ? null : { sharp: contract / 2, contract },
});

function product(): Uint8Array {
  const model = new OnnxBuilder();
  const x = model.input('x', 'float32', [1, 64]);
  const weights = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i));
  model.output(model.node('MatMul', [x, model.floats([64, 4], weights)], { outputs: ['logits'] }), 'float32');
  return model.bytes();
}

describe('a decision', () => {
  it('names the greatest of a row and what it lies above the next', () => {
    const logits = output([1, 4, 2.5, 9, 3, 8.75], [2, 3], 0.1);
    expect(decision(logits)).to.deep.equal({ index: 1, margin: 1.5, undecided: false });
    expect(decision(logits, 1)).to.deep.equal({ index: 0, margin: 0.25, undecided: false });
  });

  it('is undecided where the margin is below twice the drift, or nobody knows the drift', () => {
    expect(decision(output([1, 1.25], [2], 0.126)).undecided).to.equal(true);
    expect(decision(output([1, 1.25], [2], 0.125)).undecided).to.equal(false);
    expect(decision(output([1, 1000], [2], null)).undecided).to.equal(true);
  });

  it('of an exact program is never undecided, a tie going to the first', () => {
    expect(decision(output([3, 3, 1], [3], 0))).to.deep.equal({ index: 0, margin: 0, undecided: false });
  });

  it('is refused where there is nothing to decide between', async () => {
    for (const [numbers, row] of [
      [[1], 0],
      [[1, Number.NaN], 0],
      [[1, 2], 1],
    ] as const) {
      const failure = await failureOf(
        Promise.resolve().then(() => decision(output(numbers, [numbers.length], 0), row)),
      );
      expect(failure.code).to.equal('DECISION_INVALID');
    }
  });
});

describe('the numerics of a manifest', () => {
  const program = compile(product());
  const drift = { outputs: { logits: { sharp: 1e-6, contract: 3e-6 } }, jumping: [] };

  it('say what becomes of cheaper weights in each product, and how far outputs can be moved', () => {
    const { products } = describeNumerics(program, drift);
    expect(products).to.deep.equal([
      { op: 0, terms: 64, outcomes: { fp16: 'convicted', bf16: 'convicted', tf32: 'convicted' } },
    ]);
    expect(driftOfOutput(program, 'logits', { drift, products })).to.deep.equal({ sharp: 1e-6, contract: 3e-6 });
  });

  it('leave out what no bound was found for: a manifest cannot hold it', () => {
    const outputs = { logits: { sharp: 1, contract: Number.POSITIVE_INFINITY }, other: { sharp: 1, contract: 2 } };
    const numerics = describeNumerics(program, { outputs, jumping: [] });
    expect(numerics.drift!.outputs).to.deep.equal({ other: { sharp: 1, contract: 2 } });
  });

  it('leave an output open that is not in them, or that a jump may move further', () => {
    const jumping = { ...drift, jumping: ['Round#3'] };
    for (const it of [undefined, { drift: null, products: [] }, { drift: jumping, products: [] }])
      expect(driftOfOutput(program, 'logits', it)).to.equal(null);
    expect(driftOfOutput(program, 'other', { drift, products: [] })).to.equal(null);
  });

  it('are refused where they are malformed', () => {
    const manifest = {
      kind: 'essaim/model/1',
      name: '',
      description: '',
      licence: '',
      onnx: '',
      programId: program.id,
    };
    const read = (numerics: unknown) => () => readModelManifest({ ...manifest, numerics });
    expect(read({ drift, products: [] })).to.not.throw();
    expect(read({ drift: { outputs: { y: { sharp: -1, contract: 0 } }, jumping: [] }, products: [] })).to.throw();
    expect(read({ drift: null, products: [{ op: 0, terms: 1, outcomes: { fp16: 'fine' } }] })).to.throw();
    expect(read({ drift: null })).to.throw();
  });
});
