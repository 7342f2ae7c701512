import { encodeOperator, type Judge } from '@essaim/protocol';
import { expect } from 'chai';
import type { Contract } from 'ethers';
import { integerJudge } from '../../../protocol/src/judges/integer.ts';
import { moveJudge } from '../../../protocol/src/judges/move.ts';
import { orderJudge } from '../../../protocol/src/judges/order.ts';
import { connection } from '../connection.ts';
import { findWitness, NUMERICS, tryElement } from './bench.ts';
import { Random } from './random.ts';
import { type Sample, type Spec, sampleOf, type Tensor } from './sample.ts';

const { ethers } = connection;
const VERDICTS = ['permitted', 'void', 'convicted'] as const;
const NAN = 0x7fc00000;
const random = new Random(4);

const floats = (dims: number[], bits: number[]): Tensor => ({
  dtype: 'float32',
  dims,
  bytes: new Uint8Array(Uint32Array.from(bits).buffer),
});
const ints = (values: number[]): Tensor => ({
  dtype: 'int32',
  dims: [values.length],
  bytes: new Uint8Array(Int32Array.from(values).buffer),
});
const bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];
const sample = (spec: Spec): Sample => sampleOf(spec, new Uint8Array(0), random);

describe('Judges at their edges', () => {
  const contracts = new Map<Judge, Contract>();
  before(async () => {
    for (const judge of [moveJudge, integerJudge, orderJudge]) {
      contracts.set(judge, (await ethers.deployContract(judge.contract)) as unknown as Contract);
    }
  });

  const call = (judge: Judge, { op }: Sample, element: number, claimed: bigint, evidence: Uint8Array, output = 0) =>
    contracts.get(judge)!.judge(encodeOperator(op), NUMERICS, output, element, claimed, evidence);

  /** What both say of a claim. */
  async function verdict(judge: Judge, of: Sample, claimed: bigint, witness?: number): Promise<string> {
    const twin = tryElement(judge, of, 0, claimed, witness);
    const said = VERDICTS[Number(await call(judge, of, 0, claimed, twin.evidence))];
    expect(said, twin.words).to.equal(twin.verdict);
    return said;
  }

  describe('Gather', () => {
    it('permits anything at an index outside the data, which no engine runs', async () => {
      for (const index of [3, -4, 2 ** 31 - 1, -(2 ** 31)]) {
        const inputs = [ints([5, 6, 7]), ints([index])];
        const spec: Spec = { name: 'Gather', since: 13, words: [0], inputs, output: { dtype: 'int32', dims: [1] } };
        expect(await verdict(moveJudge, sample(spec), 99n)).to.equal('permitted');
      }
    });

    it('counts negative indices from the end', async () => {
      const inputs = [ints([5, 6, 7]), ints([-3])];
      const of = sample({ name: 'Gather', since: 13, words: [0], inputs, output: { dtype: 'int32', dims: [1] } });
      expect(await verdict(moveJudge, of, 5n)).to.equal('permitted');
      expect(await verdict(moveJudge, of, 7n)).to.equal('convicted');
    });
  });

  describe('Div', () => {
    const divided = (a: number, b: number) =>
      sample({ name: 'Div', since: 14, inputs: [ints([a]), ints([b])], output: { dtype: 'int32', dims: [1] } });

    it('permits anything of a division by zero', async () => {
      expect(await verdict(integerJudge, divided(7, 0), 123n)).to.equal('permitted');
    });

    it('truncates toward zero', async () => {
      expect(await verdict(integerJudge, divided(-7, 2), 2n ** 32n - 3n)).to.equal('permitted');
      expect(await verdict(integerJudge, divided(-7, 2), 2n ** 32n - 4n)).to.equal('convicted');
    });
  });

  describe('ArgMax', () => {
    const row = (values: number[], words = [0, 0, 0]) =>
      sample({
        name: 'ArgMax',
        since: 13,
        words,
        inputs: [
          floats(
            [values.length],
            values.map((v) => (Number.isNaN(v) ? NAN : bits(v))),
          ),
        ],
        output: { dtype: 'int64', dims: [] },
      });

    it('convicts what is no index of the axis, without evidence', async () => {
      for (const claimed of [3n, 2n ** 64n - 1n, 2n ** 63n]) {
        expect(tryElement(orderJudge, row([1, 2, 3]), 0, claimed).evidence).to.have.length(0);
        expect(await verdict(orderJudge, row([1, 2, 3]), claimed)).to.equal('convicted');
      }
    });

    it('permits a claim against which no witness speaks', async () => {
      expect(await verdict(orderJudge, row([1, 2, 3]), 0n)).to.equal('permitted');
      expect(await verdict(orderJudge, row([1, 2, 3]), 2n, 0)).to.equal('permitted');
    });

    it('breaks ties by select_last_index, and holds -0 and +0 equal', async () => {
      expect(await verdict(orderJudge, row([-0, 0]), 1n, 0)).to.equal('convicted');
      expect(await verdict(orderJudge, row([-0, 0], [0, 0, 1]), 0n, 1)).to.equal('convicted');
      expect(await verdict(orderJudge, row([0, -0], [0, 0, 1]), 1n, 0)).to.equal('permitted');
    });

    it('permits where the claimed element or the witness is NaN', async () => {
      expect(await verdict(orderJudge, row([Number.NaN, 2]), 0n, 1)).to.equal('permitted');
      expect(await verdict(orderJudge, row([1, Number.NaN]), 0n, 1)).to.equal('permitted');
    });

    it('convicts among subnormals only where flushing them to zero would not save the claim', async () => {
      const tiny = (...values: number[]) => row(values.map((v) => v * 2 ** -149));
      expect(await verdict(orderJudge, tiny(1, 2), 0n, 1)).to.equal('permitted');
      expect(await verdict(orderJudge, tiny(1, 2), 1n, 0)).to.equal('permitted');
      expect(await verdict(orderJudge, tiny(2, 1), 1n, 0)).to.equal('convicted');
      const of = tiny(0, 2, 1, 3);
      expect(await verdict(orderJudge, of, 2n, findWitness(orderJudge, of, 0, 2n))).to.equal('convicted');
    });

    it('finds the witness that convicts beside NaN elements', async () => {
      const of = row([1, Number.NaN, 5, 3]);
      expect(await verdict(orderJudge, of, 3n, findWitness(orderJudge, of, 0, 3n))).to.equal('convicted');
      expect(await verdict(orderJudge, of, 2n, findWitness(orderJudge, of, 0, 2n))).to.equal('permitted');
    });

    it('takes no witness from another row', async () => {
      const inputs = [floats([2, 2], [1, 2, 3, 4].map(bits))];
      const spec: Spec = { name: 'ArgMax', since: 13, words: [1, 0, 0], inputs, output: { dtype: 'int64', dims: [2] } };
      const of = sample(spec);
      of.op = { ...of.op, inputTypes: [{ dtype: 'float32', layout: 0, dims: [2, 2] }] };
      expect(() => tryElement(orderJudge, of, 0, 0n, 3)).to.throw(RangeError, 'not in the row');
      const element = (index: number) => [0, 0, 0, 0, 4 * index, 0, 0, 0, 4, ...floats([1], [bits(index)]).bytes];
      const evidence = Uint8Array.from([...element(0), ...element(3)]);
      const { interface: abi } = contracts.get(orderJudge)!;
      await expect(call(orderJudge, of, 0, 0n, evidence))
        .to.be.revertedWithCustomError({ interface: abi }, 'Judge_Evidence')
        .withArgs(0, 12, 4);
    });
  });

  describe('MaxPool', () => {
    const pool = (values: number[], words: number[], width: number) =>
      sample({
        name: 'MaxPool',
        since: 12,
        words,
        inputs: [floats([1, 1, 1, values.length], values)],
        output: { dtype: 'float32', dims: [1, 1, 1, width] },
      });
    const pair = (a: number, b: number) => pool([a, b], [1, 2, 1, 1, 0, 0, 1, 1], 1);

    it('permits either zero where both stand in the window, and only the one that does', async () => {
      expect(await verdict(orderJudge, pair(0, 0x80000000), 0n)).to.equal('permitted');
      expect(await verdict(orderJudge, pair(0, 0x80000000), 0x80000000n)).to.equal('permitted');
      expect(await verdict(orderJudge, pair(0, 0), 0x80000000n)).to.equal('convicted');
    });

    it('permits a subnormal maximum, what it is flushed to, and what flushing makes equal to it', async () => {
      const of = pair(3, 0x80000002);
      for (const claimed of [3n, 0n, 0x80000002n, 0x80000000n]) {
        expect(await verdict(orderJudge, of, claimed)).to.equal('permitted');
      }
      expect(await verdict(orderJudge, of, 4n)).to.equal('convicted');
      expect(await verdict(orderJudge, pair(3, 0x00800000), 3n)).to.equal('convicted');
      expect(await verdict(orderJudge, pair(3, 0x00800000), 0n)).to.equal('convicted');
    });

    it('permits NaN or any operand where the window has a NaN', async () => {
      for (const claimed of [NAN, bits(1)]) {
        expect(await verdict(orderJudge, pair(NAN, bits(1)), BigInt(claimed))).to.equal('permitted');
      }
      expect(await verdict(orderJudge, pair(NAN, bits(1)), BigInt(bits(2)))).to.equal('convicted');
    });

    it('permits anything where the window lies in the padding', async () => {
      const of = pool([bits(1)], [1, 1, 1, 1, 0, 1, 1, 1], 3);
      expect(await verdict(orderJudge, of, 77n)).to.equal('permitted');
    });
  });

  describe('What a judge does not judge', () => {
    const add = (): Sample => {
      const one = ints([1]);
      return sample({ name: 'Add', since: 14, inputs: [one, one], output: { dtype: 'int32', dims: [1] } });
    };

    it('reverts: an opcode of another family', async () => {
      const { interface: abi } = contracts.get(moveJudge)!;
      for (const judge of [moveJudge, orderJudge]) {
        await expect(call(judge, add(), 0, 2n, new Uint8Array(0)))
          .to.be.revertedWithCustomError({ interface: abi }, 'Judge_Opcode')
          .withArgs(add().op.opcode);
      }
    });

    it('reverts: a second output, an element beyond the last, operands of other types', async () => {
      const { interface: abi } = contracts.get(integerJudge)!;
      const none = new Uint8Array(0);
      const reverts = (promise: Promise<unknown>, error: string) =>
        expect(promise).to.be.revertedWithCustomError({ interface: abi }, error);
      await reverts(call(integerJudge, add(), 0, 2n, none, 1), 'Judge_Operand');
      await reverts(call(integerJudge, add(), 1, 2n, none), 'Judge_Element');
      const mixed = add();
      const float = { dtype: 'float32', layout: 0, dims: [1] } as const;
      mixed.op = { ...mixed.op, inputTypes: [mixed.op.inputTypes[0], float] };
      const { evidence } = tryElement(integerJudge, add(), 0, 2n);
      await reverts(call(integerJudge, mixed, 0, 2n, evidence), 'Judge_Operand');
      expect(() => integerJudge.admit(mixed.op)).to.throw('operand 1 is float32, operand 0 is int32');
      mixed.op = { ...mixed.op, inputTypes: [float, float], outputTypes: [float] };
      await reverts(call(integerJudge, mixed, 0, 2n, evidence), 'Judge_Operand');
      expect(() => integerJudge.admit(mixed.op)).to.throw('its operands cannot be float32');
    });

    it('reverts: missing attribute words', async () => {
      const { interface: abi } = contracts.get(moveJudge)!;
      const spec: Spec = { name: 'Transpose', since: 13, inputs: [ints([1])], output: { dtype: 'int32', dims: [1] } };
      await expect(call(moveJudge, sample(spec), 0, 1n, new Uint8Array(0)))
        .to.be.revertedWithCustomError({ interface: abi }, 'Judge_Attribute')
        .withArgs(0);
      expect(() => moveJudge.admit(sample(spec).op)).to.throw('attribute word 0 is missing');
    });
  });
});
