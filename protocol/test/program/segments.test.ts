import { expect } from 'chai';
import { random } from '../../../test/random.ts';
import {
  byteLength,
  compile,
  LARGE_BYTES,
  listRoot,
  OnnxBuilder,
  type Operator,
  type Program,
  SEGMENT_VALUES,
  segmentLeaf,
  segmentLimits,
} from '../../src/index.ts';
import { networks } from './networks.ts';

/** Products: what has an interval unless it is exact. Said here again, so that the compiler's word is not trusted. */
const BANDED = ['MatMul', 'Gemm', 'Conv'];
/** What follows from its operands alone, of the operators in these networks. */
const WITHOUT_WIDTH = ['Add', 'Sub', 'Mul', 'Relu', 'Identity', 'Reshape', 'Transpose', 'Relayout', 'Flatten'];
const producers = (program: Program): number[] =>
  program.operators.flatMap((op, number) => op.outputTypes.map(() => number));
const reads = (op: Operator, value: number) =>
  op.inputs.some(({ kind, index }) => (kind === 'value' || kind === 'inner') && index === value);

/** A random graph of sums and products of matrices; results of all ages are read. */
function tangle(seed: number, count: number, rows: number): Uint8Array {
  const next = random(seed);
  const b = new OnnxBuilder();
  const w = b.floats(
    [32, 32],
    Array.from({ length: 1024 }, () => next() - 0.5),
  );
  const made = [b.input('x', 'float32', [rows, 32])];
  const pick = () => made[Math.floor(Math.max(0, made.length - 1 - next() ** 3 * made.length))];
  for (let i = 0; i < count; i++) {
    const kind = next();
    if (kind < 0.4) made.push(b.node('MatMul', [pick(), w]));
    else if (kind < 0.7) made.push(b.node('Add', [pick(), pick()]));
    else made.push(b.node('Relu', [pick()]));
  }
  b.output(b.node('Identity', [made.at(-1)!]));
  if (count > 1) b.output(made[Math.floor(count / 2)] === 'x' ? made.at(-1)! : made[Math.floor(count / 2)]);
  return b.bytes();
}

const samples = [
  ...networks(),
  ...[1, 2, 3, 4, 5, 6].map((seed) => ({
    name: `a tangle of ${40 * seed} (${seed})`,
    onnx: tangle(seed, 40 * seed, 64),
  })),
  { name: 'a tangle of large values', onnx: tangle(9, 30, 20_000) },
  { name: 'a tangle that is large', onnx: tangle(11, 1_500, 4_096) },
];

describe('segments', () => {
  for (const { name, onnx } of samples) {
    describe(`of ${name}`, () => {
      const program = compile(onnx);
      const { operators, segments, values, boundary } = program;
      const producer = producers(program);
      const limits = segmentLimits(values.reduce((bytes, { type }) => bytes + byteLength(type), 0));
      const innerBytes = ({ firstValue, valueCount }: Program['segments'][number]) =>
        values
          .slice(firstValue, firstValue + valueCount)
          .reduce((sum, { type }, i) => sum + (boundary[firstValue + i] ? 0 : byteLength(type)), 0);

      it('are runs of all operators, as every operator and the header say', () => {
        let [op, value] = [0, 0];
        for (const [number, segment] of segments.entries()) {
          expect([segment.firstOp, segment.firstValue]).to.deep.equal([op, value]);
          expect(segment.opCount).to.be.within(1, limits.values);
          expect(segment.valueCount).to.be.within(1, limits.values);
          for (; op < segment.firstOp + segment.opCount; op++) {
            expect(operators[op].segment).to.equal(number);
            value += operators[op].outputTypes.length;
          }
          expect(value).to.equal(segment.firstValue + segment.valueCount);
        }
        expect(op).to.equal(operators.length);
        expect(program.header.segmentCount).to.equal(segments.length);
        expect(program.header.segmentsRoot).to.equal(listRoot(segments.map(segmentLeaf)));
      });

      it('keep every inner value to themselves, and say of every reference which it is', () => {
        for (const op of operators) {
          for (const { kind, index } of op.inputs) {
            if (kind !== 'value' && kind !== 'inner') continue;
            expect(kind).to.equal(boundary[index] ? 'value' : 'inner');
            if (kind === 'inner') expect(operators[producer[index]].segment).to.equal(op.segment);
          }
        }
        for (const { value } of program.outputs) expect(boundary[value]).to.equal(true);
      });

      it('have bounded inner bytes', () => {
        for (const segment of segments) expect(innerBytes(segment)).to.be.at.most(limits.bytes);
      });

      it('have a banded frontier: no inner value that devices differ in reaches a boundary without width', () => {
        /** Whether everyone has the value who has the boundary values: no sum between them, only operators without width. */
        const given = (value: number): boolean =>
          boundary[value] ||
          (WITHOUT_WIDTH.includes(operators[producer[value]].name) &&
            operators[producer[value]].inputs.every(
              ({ kind, index }) => (kind !== 'value' && kind !== 'inner') || given(index),
            ));
        const reaches = (value: number): boolean =>
          operators.some((op, number) => {
            const absorbs = BANDED.includes(op.name) && !program.exactOperators[number];
            if (absorbs || !reads(op, value)) return false;
            return op.outputTypes.some((_, i) => boundary[op.firstValue + i] || reaches(op.firstValue + i));
          });
        for (const [value, committed] of boundary.entries()) {
          if (committed || program.exactOperators[producer[value]] || given(value)) continue;
          expect(reaches(value), `${operators[producer[value]].node} (value ${value})`).to.equal(false);
        }
      });

      it('let inner values of width depend on each other at most so often', () => {
        const depths = new Map<number, number>();
        for (const [number, op] of operators.entries()) {
          const above = op.inputs.map(({ kind, index }) => (kind === 'inner' ? depths.get(producer[index])! : 0));
          const own = BANDED.includes(op.name) && !program.exactOperators[number] ? 1 : 0;
          depths.set(number, Math.max(0, ...above) + own);
        }
        expect(Math.max(...depths.values())).to.be.at.most(limits.depth);
      });

      it('commit to fewer bytes than all, the same whenever it is compiled', () => {
        const sum = (only: (value: number) => boolean) =>
          values.reduce((bytes, { type }, i) => bytes + (only(i) ? byteLength(type) : 0), 0);
        expect(sum((i) => boundary[i])).to.be.below(sum(() => true));
        expect(compile(onnx.slice()).id).to.equal(program.id);
      });
    });
  }

  it('hold one operator each where values are small, so that every fault is one transaction', () => {
    const program = compile(tangle(7, 20, 4));
    expect(program.segments.every(({ opCount }) => opCount === 1)).to.equal(true);
    expect(program.boundary.every((boundary) => boundary)).to.equal(true);
    expect(program.segments.length).to.equal(program.operators.length);
  });

  it('are long where the program is large, and never longer than what is answered for them', () => {
    expect(segmentLimits(LARGE_BYTES - 1).values).to.be.below(segmentLimits(LARGE_BYTES).values);
    expect(segmentLimits(LARGE_BYTES).values).to.equal(SEGMENT_VALUES);
    const { operators, segments } = compile(tangle(11, 1_500, 4_096));
    expect(Math.max(...segments.map(({ opCount }) => opCount))).to.be.above(64);
    expect(segments.length).to.be.below(operators.length / 64);
  });

  it('of an exact network hold everything but what is read from outside', () => {
    const program = compile(networks().at(-1)!.onnx);
    expect(program.exact).to.equal(true);
    expect(program.segments.length).to.equal(1);
    expect(program.boundary.filter((boundary) => boundary).length).to.equal(1);
  });

  it('commit to what a residual network adds, not to the sums, which follow from it, nor to what leads there', () => {
    const program = compile(networks()[1].onnx);
    const committed = program.operators.filter(({ firstValue }) => program.boundary[firstValue]);
    expect(new Set(committed.map(({ name }) => name))).to.deep.equal(new Set(['MatMul', 'ArgMax']));
    const sums = program.operators.filter(({ name }) => name === 'Add');
    for (const { inputs } of sums) expect(inputs[1].kind).to.equal('value');
    expect(sums.some(({ inputs }) => inputs[0].kind === 'inner')).to.equal(true);
    expect(program.operators.some(({ name, firstValue }) => name === 'Relu' && !program.boundary[firstValue])).to.equal(
      true,
    );
  });
});
