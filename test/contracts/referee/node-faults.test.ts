import { compile, elementCount } from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { MOVES } from '../../conformance/move-nodes.ts';
import { nodeCase } from '../../conformance/node-case.ts';
import { QUANTISED } from '../../conformance/quantised-nodes.ts';
import { ROWS } from '../../conformance/row-nodes.ts';
import { random } from '../../random.ts';
import { court, plant } from './court.ts';

const NODES = [...MOVES, ...ROWS, ...QUANTISED];
const TYPES = [...new Set(NODES.map(({ type }) => type))];

describe('Moves, rows and quantisation before the referee', () => {
  const next = random(43);
  const trace = openTracer();
  let judge: Awaited<ReturnType<typeof court>>;
  before(async () => {
    judge = await court();
  });

  for (const type of TYPES) {
    it(`${type}: a fault is convicted, an honest element is not`, async () => {
      const { onnx, inputs } = nodeCase(NODES.find((node) => node.type === type)!, next);
      const program = compile(onnx);
      const honest = await trace(program, onnx, inputs);
      for (const [op, { firstValue, outputTypes, node }] of program.operators.entries()) {
        const element = Math.floor(next() * elementCount(outputTypes[0]));
        expect(await judge(honest, op, 0, element), node).to.equal('permitted');
        expect(await judge(plant(honest, firstValue, element, next), op, 0, element), node).to.equal('convicted');
      }
    });
  }
});
