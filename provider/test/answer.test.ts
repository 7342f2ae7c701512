import {
  claimHash,
  type DemandKind,
  encodeOperator,
  operatorLeaf,
  type Question,
  readBytes,
  readOperator,
  readOutput,
  readRoots,
} from '@essaim/protocol';
import { answerTo, batchOf } from '@essaim/runtime';
import { expect } from 'chai';
import { jobId, keptDigits } from './kept.ts';

const ask = (kind: DemandKind, more: Partial<Question> = {}): Question => ({
  batchId: jobId,
  leaf: 1,
  kind,
  index: 0,
  first: 0,
  count: 1_024,
  demander: `0x${'22'.repeat(20)}`,
  ...more,
});

describe('answers to demands', () => {
  it('show the lists of a claim in its batch', async () => {
    const { kept, program } = await keptDigits([0, 1, 2]);
    const trace = kept.traces[1];
    const batch = { root: batchOf(kept).root, count: 3 };
    const roots = (kind: DemandKind) => readRoots(ask(kind), answerTo(ask(kind), kept), batch).roots;
    expect(roots('inputs')).to.deep.equal(trace.inputs.map(({ root }) => root));
    expect(roots('weights')).to.deep.equal(program.weights.map(({ root }) => root));
    expect(roots('values')).to.deep.equal(trace.values.map((tensor) => tensor!.root));
    expect(roots('operators')).to.deep.equal(program.trees.bodies.map(operatorLeaf));
    const { claim } = readRoots(ask('values'), answerTo(ask('values'), kept), batch);
    expect(claim.traceRoot).to.equal(trace.traceRoot);
  });

  it('show bytes of inputs, weights, values and outputs, and operators', async () => {
    const { kept, program } = await keptDigits([0, 1, 2]);
    const { inputsRoot, traceRoot, inputs, values } = kept.traces[1];
    const claim = claimHash({ programId: program.id, inputsRoot, traceRoot, context: kept.contexts[1] });
    const bytes = (q: Question) => readBytes(q, answerTo(q, kept), claim)?.bytes;
    expect(bytes(ask('input', { first: 4, count: 8 }))).to.deep.equal(inputs[0].bytes.slice(4, 12));
    expect(bytes(ask('weight', { count: 100 }))).to.deep.equal(program.weights[0].bytes.slice(0, 100));
    const last = values.length - 1;
    expect(bytes(ask('value', { index: last }))).to.deep.equal(values[last]!.bytes.slice());
    const operator = ask('operator', { index: 1, count: 0 });
    const { body } = readOperator(operator, answerTo(operator, kept), claim);
    expect(encodeOperator(body)).to.deep.equal(program.trees.bodies[1]);
    const output = ask('output');
    const shown = readOutput(output, answerTo(output, kept), { root: batchOf(kept).root, count: 3 });
    expect(shown.tensor?.bytes).to.deep.equal(values[program.outputs[0].value]!.bytes.slice(0, 1_024));
    const none = ask('output', { index: program.outputs.length });
    expect(readOutput(none, answerTo(none, kept), { root: batchOf(kept).root, count: 3 }).tensor).to.equal(null);
  });
});
