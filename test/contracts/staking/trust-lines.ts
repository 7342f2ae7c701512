import { expect } from 'chai';
import {
  accepted,
  batchIdOf,
  connection,
  encodeTerms,
  type Market,
  MIEL,
  rejected,
  submitted,
} from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

/** A pool of the provider's provision for the market, with a tenth as its cut, and a delegator with 100 MIEL. */
async function pooled(system: Market) {
  const { stake, miel, market, penalties, provider, token } = system;
  const delegator = (await ethers.getSigners())[12];
  await miel.transfer(provider, MIEL);
  await stake.connect(provider).stake(MIEL);
  await stake.connect(provider).openPool(market, penalties, 1_000);
  const fees = await ethers.getContractAt('PoolFees', await stake.payee(provider, market));
  await fees.connect(provider).admit(token);
  await miel.transfer(delegator, 100n * MIEL);
  await miel.connect(delegator).approve(stake, ethers.MaxUint256);
  return { ...system, delegator, fees, by: stake.connect(delegator) };
}

/** Lines of docs/trust.md about stake, and who may reach it. */
export const stakingLines: Record<string, (system: () => Market) => void> = {
  delegator: (system) => {
    it('can back a provision, vote with its shares, earn, and begin to leave; never leave before the thaw', async () => {
      const { by, fees, stake, token, delegator } = await pooled(system());
      await by.delegateTo(1n, 10n * MIEL);
      expect(await stake.getVotes(delegator)).to.equal(10n * MIEL);
      await token.mint(fees, 1_000n);
      await by.undelegate(1n, 10n * MIEL);
      await expect(fees.claim(token, delegator)).to.changeTokenBalance(ethers, token, delegator, 899n);
      await expect(by.withdrawDelegated(1n)).to.be.revertedWithCustomError(stake, 'StakeManager_Thawing');
    });
    it('can never leave while an earlier lock needs its stake, be paid for its part of a slash, or lose more', async () => {
      const { by, miel, market, stake, penalties, provider, delegator, other, challenger } = await pooled(system());
      await stake.connect(provider).provision(other, challenger, MIEL);
      await stake.connect(provider).openPool(other, challenger, 0);
      await by.delegateTo(1n, 10n * MIEL);
      await by.delegateTo(2n, 4n * MIEL);
      await stake.connect(other).lock(provider, challenger, 5_000, 0, 0);
      await by.undelegate(2n, 4n * MIEL);
      await networkHelpers.time.increase(15 * 86_400);
      await expect(by.withdrawDelegated(2n)).to.be.revertedWithCustomError(stake, 'Delegation_Locked');
      await stake.connect(challenger).slash(provider, other, 5_000, 5_000, delegator, 1_250, delegator, 1_250);
      expect(await stake.credit(delegator)).to.equal(MIEL / 2n);
      expect(await stake.getVotes(delegator)).to.equal(10n * MIEL);
      expect((await stake.provisionOf(provider, market, penalties)).delegated).to.equal(10_000n);
      expect(await miel.balanceOf(stake)).to.equal(100_015n * MIEL);
    });
  },

  'operator of a pool': (system) => {
    it('can set its cut one thaw ahead and admit four tokens; never touch what others delegated or earned', async () => {
      const { by, fees, stake, token, provider, delegator } = await pooled(system());
      await by.delegateTo(1n, 10n * MIEL);
      await token.mint(fees, 1_000n);
      await fees.connect(provider).announceCut(10_000);
      expect(await fees.claimable(token, delegator)).to.equal(899n);
      await fees.divide(token);
      await networkHelpers.time.increase(15 * 86_400);
      await token.mint(fees, 1_000n);
      expect(await fees.claimable(token, delegator)).to.equal(899n);
      for (const admitted of await ethers.getSigners().then((all) => all.slice(0, 3))) {
        await fees.connect(provider).admit(admitted);
      }
      await expect(fees.connect(provider).admit(delegator)).to.be.revertedWithCustomError(fees, 'PoolFees_Admitted');
      await expect(stake.connect(provider).undelegate(1n, 1n)).to.be.revertedWithCustomError(
        stake,
        'Delegation_Shares',
      );
      await by.undelegate(1n, 10n * MIEL);
    });
  },

  'client contract (JobMarket)': (system) => {
    it('can lock, release and burn from the provision granted to it, and gains nothing by it', async () => {
      const { stake, penalties, provider, other } = system();
      await stake.connect(provider).thawProvision(system().market, penalties, 50_000n * MIEL);
      await networkHelpers.time.increase(15 * 86_400);
      await stake.connect(provider).deprovision(system().market, penalties);
      await stake.connect(provider).provision(other, penalties, 10n * MIEL);
      await stake.connect(other).lock(provider, penalties, 10_000, 0, 0);
      await stake.connect(other).release(provider, penalties, 10_000, 10_000);
      expect(await stake.credit(other)).to.equal(0n);
      expect(await stake.toBurn()).to.equal(10n * MIEL);
    });
    it('can never reach other stake, and of what it holds at most half goes to whom it names', async () => {
      const { stake, claims, penalties, provider, other, challenger } = system();
      await stake.connect(provider).thawProvision(system().market, penalties, 50_000n * MIEL);
      await networkHelpers.time.increase(15 * 86_400);
      await stake.connect(provider).deprovision(system().market, penalties);
      await stake.connect(provider).provision(other, penalties, 10n * MIEL);
      await expect(stake.connect(other).lock(provider, penalties, 10_001, 0, 0)).to.be.revertedWithCustomError(
        stake,
        'StakeManager_Insufficient',
      );
      // a client that convicts as it likes, with a challenger of its own
      await stake.connect(other).lock(provider, penalties, 10_000, 0, 0);
      await claims.connect(other).submit(ethers.id('s'), ethers.id('r'), 1, provider, 10_000, 1);
      const batchId = ethers.solidityPackedKeccak256(['address', 'bytes32'], [other.address, ethers.id('s')]);
      await claims.connect(other).reject(batchId, 0, challenger);
      await networkHelpers.time.increase(31 * 86_400);
      await penalties.collect(batchId, '0x');
      expect((await stake.credit(challenger)) + (await stake.credit(other))).to.equal((10n * MIEL) / 4n);
      expect((await stake.account(provider)).free).to.equal(49_990n * MIEL);
      expect((await stake.provisionOf(provider, system().market, penalties)).tokens).to.equal(50_000_000n);
    });
  },

  'Penalties (slasher)': (system) => {
    it('can take the slash of a rejected batch, once', async () => {
      const { penalties } = system();
      const terms = await submitted(system());
      const batchId = await batchIdOf(system(), terms);
      await expect(penalties.collect(batchId, encodeTerms(terms))).to.be.revertedWithCustomError(
        penalties,
        'Penalties_NotRejected',
      );
      await rejected(system(), terms);
      await penalties.collect(batchId, encodeTerms(terms));
      await expect(penalties.collect(batchId, encodeTerms(terms))).to.be.revertedWithCustomError(
        penalties,
        'Penalties_Collected',
      );
    });
    it('can never pay a bounty above a quarter, or bounty and compensation above half: the caps are the stake’s', async () => {
      const { stake, provider, market, penalties, challenger, other } = system();
      await accepted(system());
      const slasher = await ethers.getImpersonatedSigner(await penalties.getAddress());
      await networkHelpers.setBalance(slasher.address, MIEL);
      const slash = (bounty: bigint, compensation: bigint) =>
        stake.connect(slasher).slash(provider, market, 1_000_000, 1_000_000, challenger, bounty, other, compensation, {
          gasPrice: 10n ** 10n,
        });
      await expect(slash(250_001n, 0n)).to.be.revertedWithCustomError(stake, 'StakeManager_Share');
      await expect(slash(250_000n, 250_001n)).to.be.revertedWithCustomError(stake, 'StakeManager_Share');
      await slash(250_000n, 250_000n);
      expect(await stake.toBurn()).to.equal(500n * MIEL);
    });
  },
};
