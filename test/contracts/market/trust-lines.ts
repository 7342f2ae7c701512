import { expect } from 'chai';
import {
  accepted,
  batchIdOf,
  connection,
  type Market,
  MIEL,
  passWindow,
  posted,
  rejected,
  submitted,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;

/** Lines of docs/trust.md about those who meet in the market. */
export const marketLines: Record<string, (system: () => Market) => void> = {
  requester: (system) => {
    it('can post, cancel before acceptance, release early, and take back a late or rejected job', async () => {
      const { market, requester } = system();
      await market.connect(requester).cancel(await posted(system()));
      await market.connect(requester).release(await submitted(system()));
      const convicted = await submitted(system());
      await rejected(system(), convicted);
      await market.connect(requester).refund(convicted);
      const late = await accepted(system());
      await networkHelpers.time.increaseTo(late.deadline + 1n);
      await market.connect(requester).refund(late);
    });
    it('can never take escrow back from a result that nobody convicted, nor what pays for its audits, nor convict by its word', async () => {
      const { market, requester, claims, token, auditPool } = system();
      const convicted = await submitted(system());
      await rejected(system(), convicted);
      await market.connect(requester).refund(convicted);
      const fees = convicted.fee * convicted.count;
      expect(await market.owed(token, auditPool)).to.equal((fees * 300n) / 10_000n);
      const terms = await submitted(system());
      const by = market.connect(requester);
      await expect(by.cancel(terms)).to.be.revertedWithCustomError(market, 'JobMarket_State');
      await expect(by.refund(terms)).to.be.revertedWithCustomError(market, 'JobMarket_NoRefund');
      const batchId = await batchIdOf(system(), terms);
      await expect(claims.connect(requester).reject(batchId, 0, requester)).to.be.revertedWithCustomError(
        claims,
        'Claims_NotAdjudicator',
      );
      await passWindow();
      await expect(by.refund(terms)).to.be.revertedWithCustomError(market, 'JobMarket_NoRefund');
    });
  },

  provider: (system) => {
    it('can accept, exit early for free, submit, and withdraw when final', async () => {
      const { market, provider, stake, penalties } = system();
      await market.connect(provider).exit(await accepted(system()));
      const terms = await submitted(system());
      await passWindow();
      await market.connect(provider).withdraw(terms);
      const { tokens, locked } = await stake.provisionOf(provider, market, penalties);
      expect([tokens, locked]).to.deep.equal([100_000_000n, 0n]);
    });
    it('can never be paid before the window ends, move locked stake, or submit after the deadline', async () => {
      const { market, provider, stake, penalties } = system();
      const terms = await submitted(system());
      const by = market.connect(provider);
      await expect(by.withdraw(terms)).to.be.revertedWithCustomError(market, 'JobMarket_NotFinal');
      await expect(by.release(terms)).to.be.revertedWithCustomError(market, 'JobMarket_Caller');
      await expect(
        stake.connect(provider).thawProvision(market, penalties, 99_001n * MIEL),
      ).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
      const late = await accepted(system());
      await networkHelpers.time.increaseTo(late.deadline + 1n);
      await expect(by.submit(late, ethers.id('t'), ethers.id('r'))).to.be.revertedWithCustomError(
        market,
        'JobMarket_Deadline',
      );
    });
  },

  'verifier, or anyone': (system) => {
    it('can accuse, and nobody else can use its accusation', async () => {
      const { accusations, challenger, other } = system();
      const [batchId, digest, salt] = ['batch', 'proof', 'salt'].map((text) => ethers.id(text));
      const accusation = ethers.solidityPackedKeccak256(
        ['bytes32', 'bytes32', 'bytes32', 'address', 'bytes32'],
        [ethers.id('essaim/accusation/1'), batchId, digest, challenger.address, salt],
      );
      await accusations.connect(challenger).accuse(accusation);
      await accusations.connect(other).accuse(accusation);
      await networkHelpers.mine();
      await accusations.check(batchId, digest, challenger, salt);
      await expect(accusations.check(batchId, digest, other, salt)).to.be.revertedWithCustomError(
        accusations,
        'Accusations_None',
      );
    });
    it('can never convict, void or slash by its word, nor hold a batch open that nobody demands of', async () => {
      const { claims, stake, provider, market, other } = system();
      const terms = await submitted(system());
      const batchId = await batchIdOf(system(), terms);
      const by = claims.connect(other);
      const calls = [
        () => by.reject(batchId, 0, other),
        () => by.annul(batchId, 0),
        () => by.demanded(batchId),
        () => by.answered(batchId),
      ];
      for (const call of calls) await expect(call()).to.be.revertedWithCustomError(claims, 'Claims_NotAdjudicator');
      await expect(
        stake.connect(other).slash(provider, market, 1_000_000, 1_000_000, other, 1, other, 1),
      ).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
      await passWindow();
      expect(await claims.state(batchId)).to.equal(2n);
    });
  },
};
