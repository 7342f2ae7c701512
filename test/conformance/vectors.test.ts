import { DTYPES, elementCount, elementValue, GREATEST_OPSET, OPCODES, type TensorType } from '@essaim/protocol';
import { expect } from 'chai';
import { edge } from '../vectors/onnx/edge.ts';
import { expectedExecution, verdictOf } from '../vectors/onnx/execution.ts';
import { findRefused, readRefused } from '../vectors/onnx/refused.ts';
import { formsOf, loadVectors, type Vector } from '../vectors/onnx/vectors.ts';

/** Elements judged of one value, and those of them whose interval is measured. */
const JUDGED = 64;
const MEASURED = 3;

const vectors = loadVectors();
const compiled = vectors.filter((vector) => Array.isArray(formsOf(vector)));
const byOperator = Map.groupBy(compiled, ({ operator }) => operator);

/** Physical indices of at most `count` elements, evenly spread. */
const spread = (type: TensorType, count: number): number[] => {
  const all = elementCount(type);
  return Array.from({ length: Math.min(all, count) }, (_, i) => Math.floor((i * all) / Math.min(all, count)));
};

/** Nothing off by more than a value's largest element times this is permitted; the tolerance of the package's own tests. */
const PERMITTED = 1e-3;
/** Nothing off by more than this is merely void. */
const VOID = 1e-2;

/** The largest finite magnitude of float elements; other types have no limit. */
function magnitude({ dtype }: TensorType, bytes: Uint8Array): number {
  if (dtype !== 'float32') return Number.POSITIVE_INFINITY;
  return Math.max(1e-4, ...Array.from(new Float32Array(bytes.slice().buffer), Math.abs).filter(Number.isFinite));
}

async function pass(vector: Vector): Promise<void> {
  const forms = formsOf(vector);
  if (!Array.isArray(forms)) throw forms;
  for (const form of forms) {
    const execution = await expectedExecution(vector, form);
    for (const [op, { outputTypes, firstValue, name }] of form.program.operators.entries()) {
      for (const [output, type] of outputTypes.entries()) {
        const scale = magnitude(type, execution.values[firstValue + output]!.bytes);
        const measured = new Set(spread(type, MEASURED));
        for (const element of new Set([...spread(type, JUDGED), ...measured])) {
          const place = { op, output, element };
          const { verdict, claimed, words } = verdictOf(execution, place);
          const what = `${vector.name}: ${name}, output ${output}, element ${element}`;
          expect(verdict, `${what}: ${elementValue(type.dtype, claimed)}, permitted is ${words}`).to.equal('permitted');
          if (!measured.has(element)) continue;
          for (const [least, far] of [['void', PERMITTED] as const, ['convicted', VOID] as const]) {
            const within = (bits: bigint) => {
              const other = verdictOf(execution, place, bits).verdict;
              return other === 'permitted' || (least === 'convicted' && other === 'void');
            };
            const edges = [true, false].flatMap((up) => edge(type.dtype, claimed, up, within) ?? []);
            expect(edges.length, `${what}: everything is permitted, ${words}`).to.be.above(0);
            const value = elementValue(type.dtype, claimed);
            if (!Number.isFinite(value)) continue;
            for (const { beyond } of edges) {
              expect(elementValue(type.dtype, beyond), `${what}: ${least}`).to.be.closeTo(value, far * scale);
            }
          }
        }
      }
    }
  }
}

describe("the ONNX package's own tests", () => {
  it('are refused where the table says so, with the code that it says', () => {
    expect(findRefused(), 'renew the table: node test/vectors/onnx/refused.ts').to.deep.equal(readRefused());
  });

  it('hold every operator that a judge knows', () => {
    const known = OPCODES.filter(({ name, since }) => name !== 'Relayout' && since.some((v) => v <= GREATEST_OPSET));
    expect([...byOperator.keys()]).to.include.members([...new Set(known.map(({ name }) => name))]);
  });

  for (const [operator, cases] of byOperator) {
    it(`permit the expected outputs of ${operator} and nothing far from them (${cases.length} vectors)`, async () => {
      for (const vector of cases) await pass(vector);
    });
  }

  it('use every element type', () => {
    const dtypes = compiled.flatMap((vector) => {
      const forms = formsOf(vector);
      return Array.isArray(forms) ? forms[0].program.values.map(({ type }) => type.dtype) : [];
    });
    expect([...new Set(dtypes)].sort()).to.deep.equal(Object.keys(DTYPES).sort());
  });
});
