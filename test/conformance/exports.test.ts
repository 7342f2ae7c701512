import { type EssaimError, elementCount, judgeElement, tensorsOf } from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { type Form, formsOf, loadExports } from '../vectors/onnx/vectors.ts';

/** Elements judged of one value. */
const JUDGED = 64;

const graphs = loadExports().flatMap((graph) => {
  const forms: Form[] | EssaimError = formsOf(graph);
  return Array.isArray(forms) ? [{ graph, form: forms[0] }] : [];
});

describe("graphs that PyTorch's exporter made", () => {
  const trace = openTracer();

  for (const { graph, form } of graphs) {
    it(`have every honest element permitted, and PyTorch's own results: ${graph.name}`, async () => {
      const { program, onnx, inputs } = form;
      const execution = await trace(program, onnx, inputs);
      for (const [i, { value, name }] of program.outputs.entries()) {
        const { type, bytes } = execution.values[value]!;
        if (type.dtype !== 'float32') {
          expect(bytes, name).to.deep.equal(graph.outputs[i]);
          continue;
        }
        const [ours, theirs] = [bytes, graph.outputs[i]].map((b) => new Float32Array(b.slice().buffer));
        expect(ours.length).to.equal(theirs.length);
        for (const [at, x] of ours.entries()) {
          if (Number.isNaN(theirs[at])) expect(x, `${name}[${at}]`).to.be.NaN;
          else expect(x, `${name}[${at}]`).to.be.closeTo(theirs[at], 1e-3);
        }
      }
      const tensorOf = tensorsOf(execution);
      for (const op of program.operators) {
        for (const [output, type] of op.outputTypes.entries()) {
          const count = elementCount(type);
          for (let n = 0; n < Math.min(count, JUDGED); n++) {
            const element = Math.floor((n * count) / Math.min(count, JUDGED));
            const { verdict, permitted } = judgeElement(program, op, output, element, tensorOf);
            expect(verdict, `${op.node} ${element}: ${permitted.describe()}`).to.equal('permitted');
          }
        }
      }
    });
  }

  it('compile, most of them', () => {
    expect(graphs.length).to.be.above(40);
  });
});
