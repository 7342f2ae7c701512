import { readFileSync } from 'node:fs';
import { compile, type Hash, listRoot, traceRoots } from '@essaim/protocol';
import { openPool, openTracer } from '@essaim/runtime';
import { jobContext } from '@essaim/sdk';
import { expect } from 'chai';
import { modelPath } from '../../models/digits/digits.ts';
import type { Case, ClaimView, Desk } from '../src/index.ts';
import { doubtfulOf } from '../src/index.ts';

const [CHAIN, JOB, MARKET] = [31_337, `0x${'12'.repeat(32)}`, `0x${'34'.repeat(20)}`] as const;
const OTHER: Hash = `0x${'56'.repeat(32)}`;
const COUNT = 6;

describe('a look at the claims of a job', () => {
  const onnx = new Uint8Array(readFileSync(modelPath('mlp-b1')));
  const program = compile(onnx);
  const inputs = Array.from({ length: COUNT }, (_, i) => [new Uint8Array(new Float32Array(64).fill(i).buffer)]);
  const tracer = openTracer();
  const pool = openPool({ workers: 1 });
  after(() => pool.close());

  const honest: ClaimView[] = [];
  before(async () => {
    for (const [leaf, input] of inputs.entries()) {
      const { inputsRoot, traceRoot, values } = await tracer(program, onnx, input);
      const roots = traceRoots({ program, values });
      const shown = { header: program.header, inputsRoot, traceRoot, context: jobContext(CHAIN, MARKET, JOB, leaf) };
      honest.push({ leaf, programId: program.id, shown, roots, trace: null });
    }
  });

  const lying = (leaf: number, lie: Partial<ClaimView['shown']>) =>
    honest.with(leaf, { ...honest[leaf], shown: { ...honest[leaf].shown, ...lie } });

  for (const [where, trace] of Object.entries({ here: tracer, 'in a pool': pool.trace })) {
    const look = (views: readonly ClaimView[], changes: object = {}) => {
      const inputsRoot = listRoot(honest.map(({ shown }) => shown.inputsRoot));
      const terms = { programId: program.id, inputsRoot };
      const submission = { jobId: JOB, client: MARKET, terms, model: { program, onnx }, inputs, ...changes };
      const desk = { essaim: { deployment: { chainId: CHAIN } }, trace } as unknown as Desk;
      return doubtfulOf(desk, submission as unknown as Case, views);
    };

    it(`doubts none that is the job’s own execution, run ${where}`, async () => {
      expect(await look(honest)).to.deep.equal([]);
    });

    it(`doubts a claim of another trace, input, context or program, and no other, run ${where}`, async () => {
      const last = honest[3].roots.length - 1;
      expect(await look(honest.with(3, { ...honest[3], roots: honest[3].roots.with(last, OTHER) }))).to.deep.equal([3]);
      expect(await look(honest.with(2, { ...honest[2], roots: [...honest[2].roots, OTHER] }))).to.deep.equal([2]);
      expect(await look(honest.with(4, { ...honest[4], padding: [new Uint8Array(32)] }))).to.deep.equal([4]);
      expect(await look(lying(1, { inputsRoot: OTHER }))).to.deep.equal([1]);
      expect(await look(lying(5, { context: honest[4].shown.context }))).to.deep.equal([5]);
      expect(await look(honest.with(0, { ...honest[0], programId: OTHER }))).to.deep.equal([0]);
    });

    it(`doubts claims that took each other’s places, run ${where}`, async () => {
      const swapped = honest.map((view, i) => ({ ...view, shown: honest[i < 2 ? 1 - i : i].shown }));
      expect(await look(swapped)).to.deep.equal([0, 1]);
    });

    it(`doubts all where nobody serves the inputs, run ${where}`, async () => {
      expect(await look(honest, { inputs: null })).to.equal('all');
    });
  }
});
