import { readFileSync } from 'node:fs';
import { commitTensor, compile, elementCount, judgeElement, OUTPUT_SLOT, tensorsOf, toHex } from '@essaim/protocol';
import { commitTrace, Executor, openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { Contract } from 'ethers';
import { loadDigits, modelPath } from '../../../models/digits/digits.ts';
import { tamper } from '../../../scripts/demo/tamper.ts';
import { BASIC } from '../../conformance/basic-nodes.ts';
import { nodeCase } from '../../conformance/node-case.ts';
import { ROWS } from '../../conformance/row-nodes.ts';
import { random } from '../../random.ts';
import { Circuit, type Execution, withByte } from './circuit.ts';
import { court, put, STRANGE } from './court.ts';
import {
  circuitOf,
  deployWorld,
  dotJudge,
  honestTensors,
  INPUTS,
  integerJudge,
  layersOf,
  submit,
  type World,
} from './world.ts';

const CONVICTED = 2n;

describe('NaN and infinities planted in a trace', () => {
  const next = random(91);
  const trace = openTracer();
  let judge: Awaited<ReturnType<typeof court>>;
  before(async () => {
    judge = await court();
  });

  const nodes = [...BASIC, ...ROWS];
  for (const type of new Set(nodes.map((node) => node.type))) {
    const { onnx, inputs } = nodeCase(nodes.find((node) => node.type === type)!, next);
    const program = compile(onnx);
    const floats = [...program.operators.entries()].filter(([, { outputTypes }]) => outputTypes[0].dtype === 'float32');
    if (floats.length === 0) continue;
    it(`are convicted where they stand: ${type}`, async () => {
      const honest = await trace(program, onnx, inputs);
      for (const [op, { firstValue, outputTypes, node }] of floats) {
        const values = new Float32Array(honest.values[firstValue]!.bytes.slice().buffer);
        const from = Math.floor(next() * elementCount(outputTypes[0]));
        const element = (values.subarray(from).findIndex(Number.isFinite) + from) % values.length;
        for (const [name, number] of Object.entries(STRANGE)) {
          const planted = put(honest, firstValue, element, number);
          expect(await judge(planted, op, 0, element), `${name} in ${node}`).to.equal('convicted');
        }
      }
    });
  }

  it('convict nobody but who planted them: what goes on from them is judged by contract and twin alike', async () => {
    const onnx = new Uint8Array(readFileSync(modelPath('cnn-b1')));
    const program = compile(onnx);
    const inputs = [new Uint8Array(Float32Array.from(loadDigits().scans[5]).buffer)];
    const lied = program.operators.find(({ name }) => name === 'Conv')!.firstValue;
    const { source } = program.values[lied];
    for (const [name, delta] of Object.entries(STRANGE)) {
      const lie = { tensor: 'onnx' in source ? source.onnx : '', element: 20, delta };
      const executor = await Executor.open(program, tamper(onnx, program, lie), { trace: true });
      const claimed = commitTrace(program, inputs, await executor.run(inputs));
      await executor.close();
      let convicted = 0;
      for (const [op, operator] of program.operators.entries()) {
        const count = elementCount(operator.outputTypes[0]);
        const verdicts = Array.from(
          { length: count },
          (_, element) => judgeElement(program, operator, 0, element, tensorsOf(claimed)).verdict,
        );
        convicted += verdicts.filter((verdict) => verdict === 'convicted').length;
        const element = operator.firstValue === lied ? 20 : Math.floor(next() * count);
        expect(await judge(claimed, op, 0, element), `${name}: ${operator.node}`).to.equal(verdicts[element]);
      }
      expect(convicted, name).to.equal(1);
    }
  });
});

describe('A fault proof is refused', () => {
  let world: World;
  let circuit: Circuit;
  let errors: Contract;
  before(async () => {
    world = await deployWorld();
    circuit = circuitOf(world);
    errors = new Contract(world.referee.target, [
      'error Claim_NotItsTensor(uint256,uint256)',
      'error Openings_Range(uint256,uint256,uint256)',
    ]);
  });
  const examine = (batch: string, proof: Uint8Array): Promise<bigint> => world.referee.examine(batch, toHex(proof));

  it('whose element index lies past the end, be it inside the last chunk or far beyond', async () => {
    const { execution, batchId } = await submit(world, circuit);
    const count = elementCount(circuit.ops[1].outputTypes[0]);
    for (const element of [count, 255, 256, 2 ** 30 - 1, 2 ** 30]) {
      const need = { slot: OUTPUT_SLOT, offset: (4 * element) % 2 ** 32, length: 4 };
      // every byte of the tensor is in its only chunk, which is opened whatever is asked
      const proof = execution.blob(1, 0, element, [{ ...need, offset: 56 }]);
      const place = proof.length - (3 * 32 + 1024) - 8;
      proof.set(
        [need.offset >>> 24, need.offset >>> 16, need.offset >>> 8, need.offset].map((byte) => byte & 255),
        place,
      );
      const error = element < 2 ** 30 ? 'Openings_Range' : 'Referee_Element';
      await expect(examine(batchId, proof), String(element)).to.be.revertedWithCustomError(
        element < 2 ** 30 ? errors : world.referee,
        error,
      );
    }
  });

  it('that opens an operand from another value, even one of the same type, or from another claim', async () => {
    const { execution, batchId } = await submit(world, circuit);
    const { execution: other } = await submit(world, circuit, {
      values: { 0: withByte(honestTensors().values[0], 12) },
    });
    const opened = (stand: (slot: number) => ReturnType<Execution['operand']> | null): Uint8Array =>
      Object.assign(Object.create(execution) as Execution, {
        operand: (op: (typeof circuit.ops)[number], slot: number) => stand(slot) ?? execution.operand(op, slot),
      }).proof(integerJudge, 1, 3);
    const own = execution.operand(circuit.ops[1], 0);
    const another = { ...own, tensor: execution.values[1] };
    const elsewhere = { tensor: execution.values[1], siblings: execution.claim.trace.siblings(1) };
    const foreign = other.operand(circuit.ops[1], 0);
    for (const stand of [another, elsewhere, foreign]) {
      await expect(
        examine(
          batchId,
          opened((slot) => (slot === 0 ? stand : null)),
        ),
      ).to.be.revertedWithCustomError(errors, 'Claim_NotItsTensor');
    }
    expect(
      await examine(
        batchId,
        opened(() => null),
      ),
    ).to.equal(0n);
  });

  it('that shows weights other than the registered program’s, while what they gave is convicted', async () => {
    const registered = honestTensors().weights;
    const swapped = [withByte(registered[0], 7), registered[1]];
    const other = new Circuit(layersOf(world.codes), INPUTS, swapped);
    expect(other.id).to.not.equal(circuit.id);
    // row 0, column 0 takes the changed weight: what an executor with other weights commits to
    const [x] = honestTensors().inputs;
    const delta = new Int8Array(swapped[0].bytes)[7] - new Int8Array(registered[0].bytes)[7];
    const sums = new Int32Array(honestTensors().values[0].bytes.slice().buffer);
    sums[0] += new Int8Array(x.bytes)[7] * delta;
    const claimed = commitTensor(honestTensors().values[0].type, new Uint8Array(sums.buffer));
    const { execution, batchId } = await submit(world, circuit, { values: { 0: claimed } });
    const defence = Object.assign(Object.create(execution) as Execution, {
      operand: (op: (typeof circuit.ops)[number], slot: number) =>
        slot === 1 ? { tensor: swapped[0], siblings: other.trees.weights.siblings(0) } : execution.operand(op, slot),
    });
    await expect(examine(batchId, defence.proof(dotJudge, 0, 0))).to.be.revertedWithCustomError(
      errors,
      'Claim_NotItsTensor',
    );
    expect(await examine(batchId, execution.proof(dotJudge, 0, 0))).to.equal(CONVICTED);
    const { execution: sold, batchId: fair } = await submit(world, other, { values: { 0: claimed } });
    expect(await examine(fair, sold.proof(dotJudge, 0, 0))).to.equal(0n);
  });
});
