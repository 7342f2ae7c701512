import { decodeWords, type EssaimError, encodeOperator, judgeOf, type Operator } from '@essaim/protocol';
import { expect } from 'chai';
import { network } from 'hardhat';
import { BASIC } from '../../conformance/basic-nodes.ts';
import { MOVES } from '../../conformance/move-nodes.ts';
import { type NodeCase, nodeCase } from '../../conformance/node-case.ts';
import { QUANTISED } from '../../conformance/quantised-nodes.ts';
import { ROWS } from '../../conformance/row-nodes.ts';
import { random as numbers } from '../../random.ts';
import { NUMERICS, tryElement } from './bench.ts';
import { samplesOf } from './compiled.ts';
import { Random } from './random.ts';
import { int256 } from './sample.ts';

/** Operators with one attribute word that means nothing: which word, and its value. */
const UNKNOWN: readonly (readonly [string, number, number])[] = [
  ['Pad', 0, 4],
  ['Pad', 0, -1],
  ['Resize', 2, 0],
  ['DepthToSpace', 0, 0],
  ['SpaceToDepth', 0, -2],
  ['ReduceMax', 0, 0],
  ['ReduceMax', 0, 1 << 7],
  ['ReduceSum', 0, 0],
  ['ReduceMean', 0, -1],
  ['TopK', 0, 9],
  ['CumSum', 0, 9],
  ['ConvTranspose', 0, 0],
  ['ConvTranspose', 6, 0],
  ['Einsum', 0, 9],
  ['ArgMax', 0, 9],
  ['Conv', 6, 0],
  ['Gemm', 2, 0],
  ['Gemm', 3, 0],
  ['QLinearConv', 6, 0],
];

const next = numbers(5);
const nodeOf = (type: string): NodeCase =>
  [...MOVES, ...ROWS, ...BASIC, ...QUANTISED].find((node) => node.type === type)!;

describe('An attribute value that means nothing', () => {
  for (const [type, word, value] of UNKNOWN) {
    it(`is refused by the twin and by the contract: word ${word} of ${type} is ${value}`, async () => {
      const { onnx, inputs } = nodeCase(nodeOf(type), next);
      const samples = await samplesOf(onnx, inputs, [], new Random(1));
      const sample = samples.find(({ op }) => op.name === type)!;
      const judge = judgeOf(type, sample.op.since, sample.op.inputTypes, sample.op.outputTypes);
      const { evidence } = tryElement(judge, sample, 0, 0n);
      const attributes = new Uint8Array(sample.op.attributes);
      attributes.set(int256(value), 32 * word);
      const op: Operator = { ...sample.op, attributes };
      expect(Number(decodeWords(op.attributes)[word])).to.equal(value);

      let code = '';
      try {
        judge.admit(op);
      } catch (error) {
        code = (error as EssaimError).code;
      }
      expect(code).to.equal('JUDGE_REFUSES');
      const { ethers } = await network.getOrCreate();
      const contract = await ethers.deployContract(judge.contract);
      await expect(
        contract.getFunction('judge').staticCall(encodeOperator(op), NUMERICS, 0, 0, 0, evidence),
      ).to.be.revertedWithCustomError(contract, 'Judge_Attribute');
    });
  }
});
