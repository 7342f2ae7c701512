import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as ort from 'onnxruntime-node';
import { loadDigits, modelPath } from '../../models/digits/digits.ts';

const models = [
  { name: 'mlp-b1', dims: [1, 64] },
  { name: 'cnn-b1', dims: [1, 1, 8, 8] },
  { name: 'cnn-b64', dims: [64, 1, 8, 8] },
] as const;

type Answers = { logits: Float32Array; digits: number[] };

/** Logits [scans, 10] and digits [scans]; the last batch is filled up with blank scans. */
async function answer(name: (typeof models)[number]['name'], dims: readonly number[], scans: Uint8Array[]) {
  const session = await ort.InferenceSession.create(readFileSync(modelPath(name)), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
  });
  const batch = dims[0];
  const answers: Answers = { logits: new Float32Array(scans.length * 10), digits: [] };
  for (let start = 0; start < scans.length; start += batch) {
    const rows = scans.slice(start, start + batch);
    const x = new Float32Array(batch * 64);
    for (const [i, scan] of rows.entries()) x.set(scan, i * 64);
    const { logits, digit } = await session.run({ x: new ort.Tensor('float32', x, dims) });
    answers.logits.set((logits.data as Float32Array).subarray(0, rows.length * 10), start * 10);
    answers.digits.push(...Array.from(digit.data as BigInt64Array, Number).slice(0, rows.length));
  }
  await session.release();
  return answers;
}

describe('digit models', () => {
  const { scans, labels, heldOut } = loadDigits();
  const unseen = heldOut.map((row) => scans[row]);

  it('hold out 360 distinct scans of 1,797, each of 64 grey levels 0..16', () => {
    expect(scans).to.have.length(1797);
    expect(new Set(heldOut).size).to.equal(360);
    expect(Math.max(...heldOut)).to.be.lessThan(1797);
    expect(scans.every((scan) => scan.length === 64 && scan.every((level) => level <= 16))).to.equal(true);
  });

  for (const { name, dims } of models) {
    it(`${name} reads at least 96 % of the held-out scans, with integer logits`, async () => {
      const { logits, digits } = await answer(name, dims, unseen);
      expect(logits.every(Number.isInteger)).to.equal(true);
      const right = digits.filter((digit, i) => digit === labels[heldOut[i]]).length;
      expect(right / heldOut.length).to.be.at.least(0.96);
    });
  }

  it('cnn-b64 gives the logits of cnn-b1, bit for bit', async () => {
    const one = await answer('cnn-b1', [1, 1, 8, 8], unseen);
    const many = await answer('cnn-b64', [64, 1, 8, 8], unseen);
    expect(many.logits).to.deep.equal(one.logits);
  });
});
