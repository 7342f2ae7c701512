import {
  buildFaultProof,
  canonicalNaN,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  DTYPES,
  elementCount,
  elementValue,
  judgeElement,
  ListTree,
  locate,
  tensorsOf,
  ZERO_HASH,
} from '@essaim/protocol';
import { Executor, openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../random.ts';
import { mixedLayouts, nodeCases } from './models.ts';

const trace = openTracer();
const next = random(11);

describe('compiled models', () => {
  for (const { name, onnx, inputs } of [...nodeCases(next), mixedLayouts(next)]) {
    describe(name, () => {
      it('give every honest tensor the type that was compiled, and judge every honest element permitted', async () => {
        const program = compile(onnx);
        const executor = await Executor.open(program, onnx);
        const results = await executor.run(inputs);
        await executor.close();
        for (const output of program.outputs) {
          const { type } = program.values[output.value];
          expect(results[output.name].length).to.equal(elementCount(type) * DTYPES[type.dtype].size);
        }
        const execution = await trace(program, onnx, inputs);
        const fault = locate(execution, () => undefined);
        expect(
          fault,
          JSON.stringify(fault, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
        ).to.equal(null);
      });

      it('keep to the ranges that were proven, and have one permitted value where they are called exact', async () => {
        const program = compile(onnx);
        const execution = await trace(program, onnx, inputs);
        const tensorOf = tensorsOf(execution);
        for (const [number, op] of program.operators.entries()) {
          const value = op.firstValue;
          const proven = program.bounds[value];
          const { type } = program.values[value];
          for (let element = 0; element < elementCount(type); element++) {
            const { claimed } = judgeElement(program, op, 0, element, tensorOf);
            const x = elementValue(type.dtype, claimed);
            if (proven) {
              expect(x, op.node).to.be.within(proven.low, proven.high);
              expect(x % proven.quantum === 0, `${op.node}: ${x} of ${proven.quantum}`).to.equal(true);
            }
            if (!program.exactOperators[number]) continue;
            const { verdict } = judgeElement(program, op, 0, element, tensorOf, { claimed: claimed ^ 1n });
            expect(verdict, op.node).to.equal('convicted');
          }
        }
      });

      it('convict a changed element in each operator, and no other', async () => {
        const program = compile(onnx);
        const honest = await trace(program, onnx, inputs);
        for (const [number, op] of program.operators.entries()) {
          const value = honest.values[op.firstValue]!;
          const count = elementCount(value.type);
          if (count === 0) continue;
          const element = Math.floor(next() * count);
          const bytes = value.bytes.slice();
          const { size } = DTYPES[value.type.dtype];
          if (value.type.dtype === 'bool') bytes[element] ^= 1;
          else bytes[element * size + size - 1] ^= 0x40;
          const changed = commitTensor(value.type, canonicalNaN(value.type, bytes));
          const execution = { ...honest, values: honest.values.with(op.firstValue, changed) };
          const fault = locate(execution, (i) => honest.values[i]?.bytes);
          expect(fault, op.node).to.include({ op: number, output: 0, element, verdict: 'convicted' });
          const batch = new ListTree([ZERO_HASH, claimHash(claimOf(execution, ZERO_HASH))]);
          const proof = buildFaultProof(execution, { context: ZERO_HASH, leaf: 1, batch }, fault!);
          expect(proof).to.include({ verdict: 'convicted', claimed: fault!.claimed });
        }
      });
    });
  }
});
