import { expect } from 'chai';
import { connection } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const ROOT = ethers.id('root');
const SUBJECT = ethers.id('subject');
const State = { None: 0n, Pending: 1n, Final: 2n, Rejected: 3n };

async function deploy() {
  const [client, executor, referee, malformed, availability, challenger, other] = await ethers.getSigners();
  const parameters = await ethers.deployContract('ProtocolParameters', [ethers.ZeroAddress, ethers.ZeroAddress]);
  const claims = await ethers.deployContract('Claims', [parameters, referee, malformed, availability]);
  const batchId = ethers.solidityPackedKeccak256(['address', 'bytes32'], [client.address, SUBJECT]);
  return { claims, parameters, batchId, client, executor, referee, malformed, availability, challenger, other };
}

async function deploySubmitted() {
  const system = await deploy();
  await system.claims.submit(SUBJECT, ROOT, 300, system.executor, 7, 1);
  return system;
}

describe('Claims', () => {
  let s: Awaited<ReturnType<typeof deploy>>;
  const state = () => s.claims.state(s.batchId);
  const mine = (blocks: number, seconds: number) =>
    networkHelpers.mine(blocks, { interval: Math.ceil(seconds / blocks) });

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deploySubmitted);
  });

  describe('submit', () => {
    it('stores the batch of its caller and says so', async () => {
      s = await networkHelpers.loadFixture(deploy);
      await expect(s.claims.submit(SUBJECT, ROOT, 3, s.executor, 7, 1))
        .to.emit(s.claims, 'Submitted')
        .withArgs(s.batchId, s.client.address, s.executor.address, SUBJECT, ROOT, 3, 7, 1);
      const { number, timestamp } = (await ethers.provider.getBlock('latest'))!;
      const row = [ROOT, s.client.address, 7n, 3n, s.executor.address, BigInt(timestamp), BigInt(number), 1n];
      expect([...(await s.claims.batch(s.batchId))]).to.deep.equal(row);
      expect(await state()).to.equal(State.Pending);
    });

    it('keeps the largest values of every field apart', async () => {
      const [lock, count, epoch] = [2n ** 40n - 1n, 2n ** 32n - 1n, 1n];
      const all = ethers.getAddress(`0x${'ff'.repeat(20)}`);
      await s.claims.submit(ethers.id('other 2'), `0x${'ff'.repeat(32)}`, count, all, lock, epoch);
      const id = ethers.solidityPackedKeccak256(['address', 'bytes32'], [s.client.address, ethers.id('other 2')]);
      const row = await s.claims.batch(id);
      expect([row.lock, row.count, row.executor, row.epoch]).to.deep.equal([lock, count, all, epoch]);
      expect(await s.claims.state(id)).to.equal(State.Pending);
    });

    it('is once for a client and subject, whatever became of the first', async () => {
      const again = () => s.claims.submit(SUBJECT, ROOT, 1, s.executor, 7, 1);
      await expect(again()).to.be.revertedWithCustomError(s.claims, 'Claims_Exists').withArgs(s.batchId);
      await s.claims.connect(s.referee).reject(s.batchId, 0, s.challenger);
      await expect(again()).to.be.revertedWithCustomError(s.claims, 'Claims_Exists');
      await s.claims.connect(s.other).submit(SUBJECT, ROOT, 1, s.executor, 7, 1);
    });

    it('needs a claim', async () => {
      await expect(s.claims.submit(ethers.id('empty'), ROOT, 0, s.executor, 7, 1)).to.be.revertedWithCustomError(
        s.claims,
        'Claims_Empty',
      );
    });
  });

  describe('Final', () => {
    it('comes when the window has passed in seconds and in blocks', async () => {
      await mine(3_700, 3_700);
      expect(await state()).to.equal(State.Pending);
      expect(await s.claims.inWindow(s.batchId)).to.equal(true);
      await networkHelpers.time.increase(86_400);
      expect(await state()).to.equal(State.Final);
      expect(await s.claims.inWindow(s.batchId)).to.equal(false);
    });

    it('H8: does not come by seconds alone: a stopped sequencer finalises nothing', async () => {
      await networkHelpers.time.increase(10 * 86_400);
      expect(await state()).to.equal(State.Pending);
      await mine(3_600, 3_600);
      expect(await state()).to.equal(State.Final);
    });

    it('waits for open demands and for the grace after the last answer, in seconds and in blocks', async () => {
      const availability = s.claims.connect(s.availability);
      await availability.demanded(s.batchId);
      await availability.demanded(s.batchId);
      expect(await s.claims.openDemands(s.batchId)).to.equal(2n);
      await mine(3_601, 2 * 86_400);
      await availability.answered(s.batchId);
      await mine(301, 2 * 86_400);
      expect(await state()).to.equal(State.Pending);
      await availability.answered(s.batchId);
      expect(await s.claims.openDemands(s.batchId)).to.equal(0n);
      await networkHelpers.time.increase(7_300);
      expect(await state()).to.equal(State.Pending);
      await mine(301, 301);
      expect(await state()).to.equal(State.Final);
    });

    it('is one end: nothing can be rejected, voided, demanded or answered after it', async () => {
      await mine(3_601, 86_500);
      const { claims, batchId, referee, availability, client, challenger } = s;
      for (const sent of [
        () => claims.connect(referee).reject(batchId, 0, challenger),
        () => claims.connect(client).reject(batchId, 0, challenger),
        () => claims.connect(referee).annul(batchId, 0),
        () => claims.connect(availability).demanded(batchId),
        () => claims.connect(availability).answered(batchId),
      ]) {
        await expect(sent()).to.be.revertedWithCustomError(claims, 'Claims_NotPending').withArgs(batchId, State.Final);
      }
    });
  });

  describe('reject', () => {
    for (const who of ['referee', 'malformed', 'availability', 'client'] as const) {
      it(`is for ${who === 'client' ? "the batch's client" : who}, who is on record`, async () => {
        await expect(s.claims.connect(s[who]).reject(s.batchId, 299, s.challenger))
          .to.emit(s.claims, 'Rejected')
          .withArgs(s.batchId, s.challenger.address, s[who].address, 299);
        expect(await state()).to.equal(State.Rejected);
        expect([...(await s.claims.conviction(s.batchId))]).to.deep.equal([s.challenger.address, 299n, s[who].address]);
      });
    }

    it('is for nobody else, of a claim that exists, once', async () => {
      const { claims, batchId, referee, challenger, executor } = s;
      await expect(claims.connect(executor).reject(batchId, 0, challenger))
        .to.be.revertedWithCustomError(claims, 'Claims_NotAdjudicator')
        .withArgs(executor.address);
      await expect(claims.connect(referee).reject(batchId, 300, challenger))
        .to.be.revertedWithCustomError(claims, 'Claims_Leaf')
        .withArgs(300, 300);
      await expect(claims.connect(referee).reject(ROOT, 0, challenger))
        .to.be.revertedWithCustomError(claims, 'Claims_NotPending')
        .withArgs(ROOT, State.None);
      await claims.connect(referee).reject(batchId, 0, challenger);
      await expect(claims.connect(referee).reject(batchId, 1, challenger))
        .to.be.revertedWithCustomError(claims, 'Claims_NotPending')
        .withArgs(batchId, State.Rejected);
    });

    it('ends a batch with open demands too, and stands for ever', async () => {
      await s.claims.connect(s.availability).demanded(s.batchId);
      await s.claims.connect(s.availability).reject(s.batchId, 4, s.challenger);
      expect(await s.claims.openDemands(s.batchId)).to.equal(0n);
      expect((await s.claims.conviction(s.batchId)).leaf).to.equal(4n);
      await mine(3_601, 10 * 86_400);
      expect(await state()).to.equal(State.Rejected);
      expect(await s.claims.inWindow(s.batchId)).to.equal(false);
    });
  });

  describe('annul', () => {
    it('makes single claims void while the batch stands', async () => {
      const referee = s.claims.connect(s.referee);
      for (const leaf of [0, 255, 256, 299]) {
        await expect(referee.annul(s.batchId, leaf)).to.emit(s.claims, 'Voided').withArgs(s.batchId, leaf);
      }
      expect(await s.claims.voids(s.batchId)).to.equal(4n);
      for (const [leaf, is] of [
        [0, true],
        [1, false],
        [255, true],
        [256, true],
        [257, false],
        [299, true],
      ] as const) {
        expect(await s.claims.isVoid(s.batchId, leaf)).to.equal(is);
      }
      await mine(3_601, 86_500);
      expect([...(await s.claims.outcome(s.batchId))]).to.deep.equal([State.Final, 4n]);
    });

    it('is for the referee alone, once a claim, of a claim that exists', async () => {
      const { claims, batchId, referee } = s;
      for (const who of [s.malformed, s.availability, s.client, s.other]) {
        await expect(claims.connect(who).annul(batchId, 0)).to.be.revertedWithCustomError(
          claims,
          'Claims_NotAdjudicator',
        );
      }
      await claims.connect(referee).annul(batchId, 0);
      await expect(claims.connect(referee).annul(batchId, 0)).to.be.revertedWithCustomError(
        claims,
        'Claims_AlreadyVoid',
      );
      await expect(claims.connect(referee).annul(batchId, 300)).to.be.revertedWithCustomError(claims, 'Claims_Leaf');
    });
  });

  it('takes demands and answers from the availability contract alone, and no answer without a demand', async () => {
    const { claims, batchId, other, availability } = s;
    for (const name of ['demanded', 'answered'] as const) {
      await expect(claims.connect(other)[name](batchId)).to.be.revertedWithCustomError(claims, 'Claims_NotAdjudicator');
    }
    await expect(claims.connect(availability).answered(batchId)).to.be.revertedWithCustomError(
      claims,
      'Claims_NothingDemanded',
    );
  });

  it('has nothing to say of an unknown batch', async () => {
    expect(await s.claims.state(ROOT)).to.equal(State.None);
    expect(await s.claims.inWindow(ROOT)).to.equal(false);
    expect([...(await s.claims.outcome(ROOT))]).to.deep.equal([State.None, 0n]);
    expect([...(await s.claims.conviction(ROOT))]).to.deep.equal([ethers.ZeroAddress, 0n, ethers.ZeroAddress]);
  });
});
