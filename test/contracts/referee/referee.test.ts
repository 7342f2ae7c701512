import { accusationHash, batchId, commitTensor, type Judge, toHex } from '@essaim/protocol';
import { expect } from 'chai';
import { id, ZeroHash } from 'ethers';
import { Random } from '../judges/random.ts';
import { Circuit, Execution, withByte } from './circuit.ts';
import {
  accuseAndProve,
  circuitOf,
  deployWorld,
  dotJudge,
  honestTensors,
  ieeeJudge,
  integerJudge,
  SALT,
  type Submitted,
  send,
  submit,
  type World,
} from './world.ts';

const CONVICTED = 2n;
const PERMITTED = 0n;

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
  const prove = (batch: string, proof: Uint8Array, from = world.challenger) =>
    accuseAndProve(world, world.referee, 'proveFault', batch, proof, from);
  /** The first element of value `value` of an otherwise honest claim is wrong. */
  const guilty = (value: number, at = 0) =>
    submit(world, circuit, { values: { [value]: withByte(honestTensors().values[value], at) } });

  const CASES: [string, number, number, Judge][] = [
    ['an integer matrix product', 0, 14, dotJudge],
    ['an integer sum', 1, 3, integerJudge],
    ['a comparison', 2, 7, integerJudge],
    ['a float operator on a program input', 3, 299, ieeeJudge],
    ['a float operator whose operands are one value', 4, 256, ieeeJudge],
  ];
  for (const [what, operator, element, judge] of CASES) {
    it(`permits the honest element and convicts the wrong one of ${what}`, async () => {
      expect(await examine(honest.batchId, honest.execution.proof(judge, operator, element))).to.equal(PERMITTED);
      const size = operator === 2 ? 1 : 4;
      const { execution, batchId } = await guilty(operator, element * size);
      const proof = execution.proof(judge, operator, element);
      expect(await examine(batchId, proof)).to.equal(CONVICTED);
      const { opcode, firstValue } = circuit.ops[operator];
      const claimed = execution.values[firstValue].bytes
        .slice(element * size, (element + 1) * size)
        .reduceRight((n, byte) => n * 256n + BigInt(byte), 0n);
      await expect(prove(batchId, proof))
        .to.emit(world.referee, 'Convicted')
        .withArgs(batchId, 4, operator, 0, element, opcode, claimed)
        .and.to.emit(world.claims, 'Rejected')
        .withArgs(batchId, world.challenger.address, await world.referee.getAddress(), 4);
      expect(await world.claims.state(batchId)).to.equal(3);
    });
  }

  it('refuses a proof against an honest claim, which costs only its sender', async () => {
    await expect(prove(honest.batchId, honest.execution.proof(dotJudge, 0, 0))).to.be.revertedWithCustomError(
      world.referee,
      'Referee_NoFault',
    );
    expect(await world.claims.state(honest.batchId)).to.equal(1);
  });

  it('convicts a batch once', async () => {
    const { execution, batchId } = await guilty(0);
    const proof = execution.proof(dotJudge, 0, 0);
    await prove(batchId, proof);
    await expect(prove(batchId, proof)).to.be.revertedWithCustomError(world.claims, 'Claims_NotPending');
  });

  it('C1: voids, and does not slash, a claim that is honest only within the kernel contract', async () => {
    const K = 512;
    const shape = { dtype: 'float32', layout: 0, dims: [1, K] } as const;
    const column = { dtype: 'float32', layout: 0x01, dims: [K, 1] } as const;
    const result = { dtype: 'float32', layout: 0, dims: [1, 1] } as const;
    // products of one sign that are no multiples of a common unit: sharp factor 64, contract factor 258
    const terms = Float32Array.from({ length: K }, (_, i) => 1 + 1 / (i + 3));
    const bytes = (a: Float32Array) => new Uint8Array(a.buffer);
    const exact = terms.reduce((sum, t) => sum + t * t, 0);
    const weight = commitTensor(column, bytes(terms));
    const small = new Circuit(
      [
        {
          name: 'MatMul',
          since: 13,
          judge: world.codes.DotJudge,
          inputs: [
            { kind: 'input', index: 0 },
            { kind: 'weight', index: 0 },
          ],
          outputs: [result],
        },
      ],
      [{ type: shape, range: { low: -Infinity, high: Infinity, step: 0 } }],
      [weight],
    );
    const claimed = commitTensor(result, bytes(Float32Array.of(exact * (1 + 192 * 2 ** -24))));
    const subject = id('void');
    const context = {
      chainId: world.chainId,
      client: world.client.address,
      subject,
      position: 0,
      continues: ZeroHash,
    };
    const execution = new Execution(small, [commitTensor(shape, bytes(terms))], [claimed], context);
    await send(world.claims, world.client, 'submit', subject, execution.hash, 1, world.executor.address, 1n, 1);
    const batch = batchId(world.client.address, subject);
    const proof = execution.proof(dotJudge, 0, 0);
    expect(await examine(batch, proof)).to.equal(1n);
    await expect(prove(batch, proof)).to.emit(world.claims, 'Voided').withArgs(batch, 0);
    expect(await world.claims.state(batch)).to.equal(1);
    expect(await world.claims.voids(batch)).to.equal(1);
  });

  describe('accusations', () => {
    it('C4: gives a copied proof nothing', async () => {
      const { execution, batchId } = await guilty(1, 12);
      const proof = execution.proof(integerJudge, 1, 3);
      const accusation = accusationHash(batchId, proof, world.challenger.address, SALT);
      await send(world.accusations, world.challenger, 'accuse', accusation);
      // the thief has seen the accusation, and even makes it again, and now sees the proof in the mempool
      await send(world.accusations, world.thief, 'accuse', accusation);
      await expect(
        send(world.referee, world.thief, 'proveFault', batchId, toHex(proof), SALT),
      ).to.be.revertedWithCustomError(world.accusations, 'Accusations_None');
      await send(world.referee, world.challenger, 'proveFault', batchId, toHex(proof), SALT);
      expect((await world.claims.conviction(batchId)).challenger).to.equal(world.challenger.address);
    });
    it('C4: gives an accusation without content nothing', async () => {
      const { execution, batchId } = await guilty(1, 12);
      const empty = accusationHash(batchId, new Uint8Array(0), world.thief.address, SALT);
      await send(world.accusations, world.thief, 'accuse', empty);
      const proof = execution.proof(integerJudge, 1, 3);
      await expect(
        send(world.referee, world.thief, 'proveFault', batchId, toHex(proof), SALT),
      ).to.be.revertedWithCustomError(world.accusations, 'Accusations_None');
    });
  });

  describe('a thousand flipped bits', () => {
    /** Verdicts of `proof` with one or two random bits flipped, each time anew; -1 for a revert. */
    async function flipped(batch: string, proof: Uint8Array, times: number, random: Random) {
      const counts = { permitted: 0, convicted: 0, reverted: 0 };
      for (let i = 0; i < times; i += 50) {
        const verdicts = Array.from({ length: 50 }, () => {
          const copy = proof.slice();
          for (let n = random.between(1, 2); n > 0; n--) copy[random.below(copy.length)] ^= 1 << random.below(8);
          return examine(batch, copy).catch(() => -1n);
        });
        for (const verdict of await Promise.all(verdicts)) {
          if (verdict === -1n) counts.reverted++;
          else if (verdict === PERMITTED) counts.permitted++;
          else counts.convicted++;
        }
      }
      return counts;
    }
    it('never convict an honest claim', async () => {
      const random = new Random(11);
      for (const [, operator, element, judge] of CASES) {
        const proof = honest.execution.proof(judge, operator, element);
        const counts = await flipped(honest.batchId, proof, 200, random);
        expect(counts.convicted).to.equal(0);
      }
    });
    it('of a guilty proof revert, or convict still', async () => {
      const { execution, batchId } = await guilty(4, 1024);
      const counts = await flipped(batchId, execution.proof(ieeeJudge, 4, 256), 200, new Random(12));
      expect(counts.permitted).to.equal(0);
    });
  });
});
