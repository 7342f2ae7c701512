import { toHex } from '@essaim/protocol';
import { expect } from 'chai';
import { Contract, id } from 'ethers';
import type { Circuit } from './circuit.ts';
import { circuitOf, deployWorld, dotJudge, integerJudge, type Submitted, submit, type World } from './world.ts';

describe('Referee', () => {
  let world: World;
  let circuit: Circuit;
  let honest: Submitted;

  before(async () => {
    world = await deployWorld();
    circuit = circuitOf(world);
    honest = await submit(world, circuit);
  });

  const examine = (batch: string, proof: Uint8Array): Promise<bigint> => world.referee.examine(batch, toHex(proof));

  describe('a claim is proven only as what it is', () => {
    const refuses = async (proof: Uint8Array, error: string, contract: Contract = world.referee) =>
      expect(examine(honest.batchId, proof)).to.be.revertedWithCustomError(contract, error);
    const change = (proof: Uint8Array, at: number, by = 1) => proof.with(at, proof[at] ^ by);
    const LEAF = 96 + 156;
    const OPERATOR = LEAF + 4 + 3 * 32;
    let proof: Uint8Array;
    let element: number;
    before(() => {
      proof = honest.execution.proof(integerJudge, 1, 3);
      element = OPERATOR + 6 + circuit.trees.bodies[1].length + 3 * 32;
    });
    const errors = async () =>
      new Contract(world.referee.target, [
        'error Claim_NotInBatch(uint256)',
        'error Claim_NotItsTensor(uint256,uint256)',
        'error Program_NotItsOperator(uint256)',
        'error Merkle_Index(uint256,uint256)',
        'error Openings_Range(uint256,uint256,uint256)',
        'error Openings_Short()',
      ]);

    it('refuses another inputsRoot, traceRoot, context, header or batch', async () => {
      for (const at of [0, 40, 70, 96, 251, LEAF + 4]) {
        await refuses(change(proof, at), 'Claim_NotInBatch', await errors());
      }
    });
    it('refuses a leaf that the batch does not have', async () => {
      await refuses(change(proof, LEAF + 3, 8), 'Merkle_Index', await errors());
    });
    it('refuses a batch that was never submitted', async () => {
      await expect(examine(id('none'), proof)).to.be.revertedWithCustomError(await errors(), 'Merkle_Index');
    });
    it('refuses a claim replayed for another job, contract or chain', async () => {
      const other = await submit(world, circuit);
      await expect(examine(other.batchId, honest.execution.proof(dotJudge, 0, 0))).to.be.revertedWithCustomError(
        await errors(),
        'Claim_NotInBatch',
      );
    });
    it('refuses another operator, or one beyond the last', async () => {
      await refuses(change(proof, OPERATOR + 20), 'Program_NotItsOperator', await errors());
      await refuses(change(proof, OPERATOR + 3, 8), 'Merkle_Index', await errors());
    });
    it('refuses an output that the operator does not have', async () => {
      await refuses(change(proof, element, 1), 'Referee_Slot');
    });
    it('refuses a first opening that is not the claimed element', async () => {
      await refuses(change(proof, element + 4), 'Referee_Element');
      await refuses(change(proof, element + 6), 'Referee_Element');
      await refuses(change(proof, element + 7, 2), 'Referee_Element');
      await refuses(proof.with(element + 5, 0), 'Referee_Element');
    });
    it('refuses chunks, siblings or operands that are not the committed ones', async () => {
      for (const at of [element + 20, element + 200, proof.length - 40, proof.length - 1100]) {
        await refuses(change(proof, at), 'Claim_NotItsTensor', await errors());
      }
    });
    it('refuses a slot that the operator does not have, and bytes outside a tensor', async () => {
      const op = circuit.ops[1];
      const need = (slot: number, offset: number, length: number) => ({ slot, offset, length });
      const first = need(128, 12, 4);
      const opening = element + 6 + 10 + 3 * 32 + 1024;
      const blob = honest.execution.blob(1, 0, 3, [first, need(0, 12, 4)]);
      await refuses(blob.with(opening, 7), 'Referee_Slot');
      await refuses(blob.with(opening, 129), 'Referee_Slot');
      const outside = blob.slice();
      outside.set([0, 0, 0, 60], opening + 2);
      await refuses(outside, 'Openings_Range', await errors());
      expect(op.inputs.length).to.equal(2);
    });
    it('refuses ranges that are empty or not ascending, and openings without a range', async () => {
      const needs = [128, 0, 0].map((slot, i) => ({ slot, offset: [12, 0, 16][i], length: 4 }));
      const blob = honest.execution.blob(1, 0, 3, needs);
      const opening = element + 6 + 10 + 3 * 32 + 1024;
      for (const [at, byte] of [
        [opening + 9, 0],
        [opening + 13, 0],
        [opening + 1, 0],
      ]) {
        const changed = blob.with(at, byte);
        await expect(examine(honest.batchId, changed)).to.be.revertedWithCustomError(await errors(), 'Openings_Range');
      }
    });
    it('refuses a blob that is cut off or goes on', async () => {
      await refuses(new Uint8Array([...proof, 0]), 'Referee_Length');
      await refuses(proof.slice(0, -1), 'Openings_Short', await errors());
      await refuses(proof.slice(0, -200), 'Openings_Short', await errors());
      await expect(examine(honest.batchId, new Uint8Array(0))).to.revert(world.ethers);
    });
    it('refuses evidence that is less, more or other than the judge needs', async () => {
      const needs = [128, 0, 1].map((slot, i) => ({ slot, offset: i === 2 ? 12 : 12, length: 4 }));
      const judge = await world.ethers.getContractAt('IJudge', world.entries[2].judge);
      for (const wrong of [needs.slice(0, 2), [needs[0], needs[2]], [...needs, needs[1]]]) {
        const reverts = expect(examine(honest.batchId, honest.execution.blob(1, 0, 3, wrong)));
        await reverts.to.be.revertedWithCustomError(judge, wrong.length > 3 ? 'Judge_Leftover' : 'Judge_Evidence');
      }
    });
    it('refuses an operator without a judge in the registry', async () => {
      const strange = circuitOf(world, ([first, ...rest]) => [{ ...first, judge: id('nobody') }, ...rest]);
      const { execution, batchId } = await submit(world, strange);
      await expect(examine(batchId, execution.proof(dotJudge, 0, 0)))
        .to.be.revertedWithCustomError(world.referee, 'Referee_NoJudge')
        .withArgs(strange.ops[0].opcode, id('nobody'));
    });
    it('refuses an inner value of a segment that was not shown', async () => {
      const inner = circuitOf(world, (layers) =>
        layers.map((layer, i) => ({ ...layer, broken: i === 0 ? { boundary: 0 } : {} })),
      );
      const { execution, batchId } = await submit(world, inner);
      await expect(examine(batchId, execution.proof(dotJudge, 0, 0)))
        .to.be.revertedWithCustomError(world.referee, 'Referee_NoSegment')
        .withArgs(0);
    });
    it('refuses a body that does not decode', async () => {
      const body = circuit.trees.bodies[1];
      const broken = circuitOf(world, undefined, { bodies: { 1: new Uint8Array([...body, 0]) } });
      const { execution, batchId } = await submit(world, broken);
      await expect(examine(batchId, execution.proof(integerJudge, 1, 3))).to.be.revertedWithCustomError(
        world.referee,
        'Referee_Undecodable',
      );
    });
  });
});
