import { expect } from 'chai';
import { id } from 'ethers';
import {
  answerBytes,
  answerOperator,
  answerOutput,
  answerRoots,
  commitTensor,
  EssaimError,
  encodeInterface,
  encodeOperator,
  type Interface,
  interfaceHash,
  ListTree,
  type OperatorBody,
  operatorLeaf,
  type Question,
  readBytes,
  readOperator,
  readOutput,
  readRoots,
  shownClaimHash,
  type TensorType,
  ZERO_HASH,
} from '../../src/index.ts';

const type: TensorType = { dtype: 'int8', layout: 0, dims: [50, 60] };
const tensors = [1, 2, 3].map((seed) =>
  commitTensor(
    type,
    new Uint8Array(3_000).map((_, i) => (seed * i) % 251),
  ),
);
const values = tensors.map((tensor) => tensor.root);
const operators = values.map(
  (_, i): OperatorBody => ({
    opcode: id('ai.onnx/Relu/14'),
    judge: id('a judge'),
    attributes: new Uint8Array(0),
    firstValue: i,
    segment: i,
    boundary: 1,
    inputs: [{ kind: 'input', index: 0 }],
    inputTypes: [type],
    outputTypes: [type],
  }),
);
const leaves = operators.map((body) => operatorLeaf(encodeOperator(body)));
const program: Interface = { inputs: [{ type, range: { low: -128, high: 127, step: 0 } }], outputs: [2] };
const shown = {
  inputsRoot: id('inputs'),
  traceRoot: new ListTree(values).root,
  context: id('context'),
  header: {
    compilerVersion: 1,
    opsRoot: new ListTree(leaves).root,
    opCount: 3,
    valueCount: 3,
    weightsRoot: ZERO_HASH,
    weightCount: 0,
    inputCount: 1,
    segmentsRoot: ZERO_HASH,
    segmentCount: 0,
    interfaceHash: interfaceHash(encodeInterface(program)),
    numerics: 1,
  },
};
const claim = shownClaimHash(shown);
const tree = new ListTree([id('another claim'), claim, id('a third')]);
const batch = { root: tree.root, count: 3 };
const opened = { ...shown, leaf: 1, batch: tree };
const ask = (kind: Question['kind'], range: Partial<Question>): Question => ({
  ...{ batchId: id('batch'), leaf: 1, index: 0, first: 0, count: 0, demander: `0x${'22'.repeat(20)}` },
  ...{ kind, ...range },
});
const listed = { tensor: tensors[2], list: new ListTree(values), index: 2 };

const roots = ask('values', { first: 1, count: 2 });
const bytes = ask('value', { index: 2, first: 1_000, count: 100 });
const operator = ask('operator', { index: 1 });
const output = ask('output', { count: 32_768 });
const answers: [string, Uint8Array, (answer: Uint8Array) => unknown][] = [
  ['roots', answerRoots(roots, opened, values), (answer) => readRoots(roots, answer, batch)],
  ['bytes', answerBytes(bytes, shown, listed), (answer) => readBytes(bytes, answer, claim)],
  [
    'an operator',
    answerOperator(operator, shown, operators[1], new ListTree(leaves)),
    (answer) => readOperator(operator, answer, claim),
  ],
  ['an output', answerOutput(output, opened, program, listed), (answer) => readOutput(output, answer, batch)],
];

describe('Reading answers to demands', () => {
  it('gives what was asked for', () => {
    expect(readRoots(roots, answers[0][1], batch)).to.deep.equal({ claim: shown, roots: values.slice(1) });
    const tensor = readBytes(bytes, answers[1][1], claim);
    expect(tensor?.bytes).to.deep.equal(tensors[2].bytes.slice(1_000, 1_100));
    expect(tensor?.root).to.equal(tensors[2].root);
    expect(tensor?.firstChunk).to.equal(0);
    expect(tensor?.chunks.length).to.equal(2);
    expect(readOperator(operator, answers[2][1], claim).body).to.deep.equal(operators[1]);
    expect(readOutput(output, answers[3][1], batch).tensor?.bytes).to.deep.equal(tensors[2].bytes);
    expect(readOutput(output, answers[3][1], batch).program).to.deep.equal(program);
  });

  for (const [what, answer, read] of answers) {
    it(`refuses ${what} with any byte changed, one too many or one missing`, () => {
      for (let at = 0; at < answer.length; at += 7) {
        const changed = answer.map((byte, i) => (i === at ? byte ^ 1 : byte));
        expect(() => read(changed), `byte ${at} of ${answer.length}`).to.throw(EssaimError);
      }
      expect(() => read(Uint8Array.from([...answer, 0]))).to.throw(EssaimError);
      expect(() => read(answer.slice(0, -1))).to.throw(EssaimError);
    });
  }

  it('tells a value that the trace does not have from a wrong answer', () => {
    const list = new ListTree([values[0], values[1], ZERO_HASH]);
    const missing = { ...shown, traceRoot: list.root };
    const answer = answerBytes(bytes, missing, { tensor: null, list, index: 2 });
    expect(readBytes(bytes, answer, shownClaimHash(missing))).to.equal(null);
    const lie = answerBytes(bytes, shown, { tensor: null, list: listed.list, index: 2 });
    expect(() => readBytes(bytes, lie, claim)).to.throw(EssaimError, 'another tensor');
  });
});
