import { readFileSync } from 'node:fs';
import { compile, elementCount } from '@essaim/protocol';
import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { loadDigits, modelPath } from '../../../models/digits/digits.ts';
import { random } from '../../random.ts';
import { court, plant } from './court.ts';

/** Faults planted in each operator of each model. */
const SEEDS = 16;

describe('The digit models before the referee', () => {
  const { scans } = loadDigits();
  let judge: Awaited<ReturnType<typeof court>>;
  before(async () => {
    judge = await court();
  });

  for (const name of ['mlp-b1', 'cnn-b1'] as const) {
    const onnx = new Uint8Array(readFileSync(modelPath(name)));
    const program = compile(onnx);
    const tracer = openTracer();
    const traceOf = (next: () => number) =>
      tracer(program, onnx, [new Uint8Array(Float32Array.from(scans[Math.floor(next() * scans.length)]).buffer)]);

    for (const [op, { name: operator, node, firstValue, outputTypes }] of program.operators.entries()) {
      it(`${name}: a fault in any element of ${operator} (${node}) is convicted, an honest one never`, async () => {
        for (let seed = 0; seed < SEEDS; seed++) {
          const next = random(1_000 * op + seed);
          const trace = await traceOf(next);
          const element = Math.floor(next() * elementCount(outputTypes[0]));
          expect(await judge(trace, op, 0, element)).to.equal('permitted');
          expect(await judge(plant(trace, firstValue, element, next), op, 0, element)).to.equal('convicted');
        }
      });
    }
  }
});
