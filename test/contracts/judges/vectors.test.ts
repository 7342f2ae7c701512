import { DTYPES, elementCount, judgeOf, tensorsOf } from '@essaim/protocol';
import { expect } from 'chai';
import { recordFigure } from '../../../scripts/figures.ts';
import { edge } from '../../vectors/onnx/edge.ts';
import { expectedExecution, verdictOf } from '../../vectors/onnx/execution.ts';
import { formsOf, loadVectors, type Vector } from '../../vectors/onnx/vectors.ts';
import { Bench } from './bench.ts';

const COMMAND = 'npm run conformance';

describe("The ONNX package's own tests, judged by the contracts", () => {
  const benches = new Map<string, Promise<Bench>>();
  const byOperator = Map.groupBy(
    loadVectors().filter((vector) => Array.isArray(formsOf(vector))),
    ({ operator }) => operator,
  );
  const passed = new Map<string, number>();

  /**
   * One element of every operator of a vector: as expected, at the edge of its interval and beyond it. Where the node
   * was rewritten, the operators have vectors of their own, and one wrong element is asked about.
   */
  async function ask(vector: Vector): Promise<void> {
    const forms = formsOf(vector);
    if (!Array.isArray(forms)) throw forms;
    for (const form of forms[0].rewritten ? forms.slice(0, 1) : forms) {
      const execution = await expectedExecution(vector, form);
      const tensorOf = tensorsOf(execution);
      for (const [number, op] of form.program.operators.entries()) {
        const type = op.outputTypes[0];
        if (elementCount(type) === 0) continue;
        const judge = judgeOf(op.name, op.since, op.inputTypes, op.outputTypes);
        if (!benches.has(judge.contract)) benches.set(judge.contract, Bench.of(judge));
        const bench = await benches.get(judge.contract)!;
        const operands = op.inputs.map(({ kind, index }) => (kind === 'none' ? null : tensorOf(kind, index).bytes));
        const sample = { op, operands, honest: execution.values[op.firstValue]!.bytes };
        const place = { op: number, output: 0, element: Math.floor(elementCount(type) / 2) };
        const { claimed } = verdictOf(execution, place);
        expect(await bench.claim(sample, place.element, claimed), vector.name).to.equal('permitted');
        if (form.rewritten) {
          const wrong = claimed ^ (type.dtype === 'bool' ? 1n : 1n << BigInt(8 * DTYPES[type.dtype].size - 2));
          expect(await bench.claim(sample, place.element, wrong), vector.name).not.to.equal('permitted');
          continue;
        }
        const permitted = (bits: bigint) => verdictOf(execution, place, bits).verdict === 'permitted';
        const edges = [true, false].flatMap((up) => edge(type.dtype, claimed, up, permitted) ?? []);
        expect(edges.length, vector.name).to.be.above(0);
        for (const { inside, beyond } of edges) {
          expect(await bench.claim(sample, place.element, inside), vector.name).to.equal('permitted');
          expect(await bench.claim(sample, place.element, beyond), vector.name).not.to.equal('permitted');
        }
      }
    }
  }

  for (const [operator, cases] of byOperator) {
    it(`find ${operator} permitted as expected, and not beyond the interval (${cases.length} vectors)`, async () => {
      for (const vector of cases) await ask(vector);
      for (const bench of benches.values()) await (await bench).flush();
      passed.set(operator, cases.length);
    });
  }

  after(() => {
    if (passed.size < byOperator.size) return;
    const count = [...passed.values()].reduce((a, b) => a + b, 0);
    recordFigure('count.conformance', { value: count, unit: 'vectors', aim: { atLeast: 500 }, command: COMMAND });
    recordFigure('count.operators', { value: passed.size, unit: 'operators', aim: { atLeast: 60 }, command: COMMAND });
  });
});
