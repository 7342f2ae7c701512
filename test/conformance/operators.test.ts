import {
  buildFaultProof,
  canonicalNaN,
  claimHash,
  claimOf,
  commitTensor,
  compile,
  DTYPES,
  elementCount,
  ListTree,
  locate,
  ZERO_HASH,
} from '@essaim/protocol';
import { Executor, openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { random } from '../../protocol/test/random.ts';
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
