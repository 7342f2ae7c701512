import { readFileSync } from 'node:fs';
import { claimHash, commitTensor, compile, listRoot, OnnxBuilder, runIdOf } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import { expect } from 'chai';
import type { ClaimReceipt } from '../../sdk/src/content/manifests.ts';
import { fetchOutputs, fetchReceipt, jobContext } from '../../sdk/src/jobs/result.ts';
import {
  audited,
  submitted as auditedJob,
  auditFixture,
  auditorOf,
  drawn,
  nextTerm,
  quarters,
} from './audits/fixture.ts';
import { backed, emissionsFixture, gains, paid, RESERVE, recorded } from './emissions/fixture.ts';
import { governanceLines } from './governance/trust-lines.ts';
import { agentsFixture } from './identity/fixture.ts';
import {
  accepted,
  batchIdOf,
  connection,
  encodeTerms,
  type Market,
  MIEL,
  marketFixture,
  PRICE,
  PROGRAM,
  passWindow,
  posted,
  rejected,
  submitted,
} from './market/fixture.ts';

import { lendingLines } from './market/trust-lines.ts';
import { networkOf, TAG } from './randomness/drand.ts';
import { created, INITIAL, running, trainingFixture } from './training/fixture.ts';
import { round, settledRound } from './training/trainer.ts';

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

/** What each line of docs/trust.md's table says, tested: what it can, and what it can never do. */
const lines: Record<string, (system: () => Market) => void> = {
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

  ...lendingLines,

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

  'Referee, Malformed, Availability': (system) => {
    it('can reject a pending batch, and the Referee alone annul a claim', async () => {
      const { claims, availability, referee, other } = system();
      const batchId = await batchIdOf(system(), await submitted(system()));
      await expect(claims.connect(availability).annul(batchId, 0)).to.be.revertedWithCustomError(
        claims,
        'Claims_NotAdjudicator',
      );
      await claims.connect(referee).annul(batchId, 0);
      await claims.connect(availability).reject(batchId, 0, other);
      expect(await claims.state(batchId)).to.equal(3n);
    });
    it('can never touch a final batch, money or stake', async () => {
      const { claims, availability, referee, market, stake, provider } = system();
      const batchId = await batchIdOf(system(), await submitted(system()));
      await passWindow();
      for (const adjudicator of [referee, availability]) {
        await expect(claims.connect(adjudicator).reject(batchId, 0, adjudicator)).to.be.revertedWithCustomError(
          claims,
          'Claims_NotPending',
        );
        await expect(
          stake.connect(adjudicator).slash(provider, market, 1, 1, adjudicator, 0, adjudicator, 0),
        ).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
      }
      await expect(claims.connect(referee).annul(batchId, 0)).to.be.revertedWithCustomError(
        claims,
        'Claims_NotPending',
      );
    });
  },

  ...governanceLines,

  Emissions: () => {
    it('can draw on the emission reserve for work that is final, paid and recorded', async () => {
      const s = await networkHelpers.loadFixture(emissionsFixture);
      const [id] = await recorded(s, await paid(s));
      await s.emissions.connect(s.other).claim(id);
      expect(await s.reserve.remaining()).to.equal(RESERVE - (5n * MIEL * 7_000n) / 10_000n);
    });
    it('can never emit more than rho of the burn, more than the budget, or twice; nor choose a recipient', async () => {
      const s = await networkHelpers.loadFixture(emissionsFixture);
      await backed(s);
      const jobs = [await paid(s, {}, true), await paid(s, { fee: 50_000_000n * MIEL }, true)];
      for (const id of await recorded(s, ...jobs)) {
        for (const place of [1, 2]) await s.emissions.claimData(id, place);
        const [toCaller] = await gains(s, [s.other], () => s.emissions.connect(s.other).claim(id));
        expect(toCaller).to.equal(0n);
        await expect(s.emissions.claim(id)).to.be.revertedWithCustomError(s.emissions, 'Emissions_Claimed');
        const drawn = RESERVE - (await s.reserve.remaining());
        expect(drawn).to.be.lessThanOrEqual((await s.market.feesToBurn()) / 2n);
        expect(drawn).to.be.lessThanOrEqual(100_000n * MIEL);
      }
      await expect(s.reserve.connect(s.treasury).emitTo(s.treasury, 1n)).to.be.revertedWithCustomError(
        s.reserve,
        'EmissionReserve_Caller',
      );
    });
  },

  'model owner': (system) => {
    it('can set the price of later jobs, add programs and sell the model with its royalties to come', async () => {
      const { models, modelOwner, other, model, market, token, royalties } = system();
      const terms = await submitted(system());
      await models.connect(modelOwner).setPrice(model, token, 2n * PRICE);
      await models.connect(modelOwner).addProgram(model, ethers.id('another'), ethers.id('m'));
      await models.connect(modelOwner).transferFrom(modelOwner, other, model);
      await expect(models.connect(modelOwner).setPrice(model, token, 1n)).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_NotOwner',
      );
      await passWindow();
      await market.withdraw(terms);
      expect(await market.royalties(token, model)).to.equal(PRICE);
      await market.collectRoyalty(token, model);
      await royalties.collect(token, model);
      expect(await token.balanceOf(other)).to.equal(PRICE);
    });
    it('can never change what a program is, nor the price of a posted job', async () => {
      const { models, modelOwner, model, token, market, provider } = system();
      const terms = await posted(system());
      await models.connect(modelOwner).setPrice(model, token, 1_000n * PRICE);
      await expect(models.connect(modelOwner).addProgram(model, PROGRAM, ethers.id('m'))).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_ProgramExists',
      );
      await market.connect(provider).accept(terms);
      await market.connect(provider).submit(terms, ethers.id('t'), ethers.id('r'));
      await passWindow();
      await market.withdraw(terms);
      expect(await market.royalties(token, model)).to.equal(PRICE);
    });
  },

  'data set owner': (system) => {
    const registered = async () => {
      const { datasets, modelOwner, token, provider } = system();
      const version = [ethers.id('t'), ethers.id('c'), 10, ethers.id('m')] as const;
      const args = [...version, token, 1, [provider.address] as string[], [2n] as bigint[]] as const;
      const by = datasets.connect(modelOwner);
      const id = await by.register.staticCall(...args);
      await by.register(...args);
      return { id, by, shares: await ethers.getContractAt('Shares', await datasets.sharesOf(id)) };
    };
    const pay = async (id: bigint, amount: bigint) => {
      const { royalties, token, requester } = system();
      await token.connect(requester).approve(royalties, amount);
      await royalties.connect(requester).deposit(token, id, amount);
    };
    it('can add versions and dilute from then on, price later runs and sell the data set', async () => {
      const { token, other, provider } = system();
      const { id, by, shares } = await registered();
      await pay(id, 100n);
      await by.addVersion(id, ethers.id('c2'), 11, ethers.id('m2'), [other], [2n]);
      await pay(id, 100n);
      const owed = [await shares.claimable(token, provider), await shares.claimable(token, other)];
      expect(owed).to.deep.equal([150n, 50n]);
      await by.setPrice(id, token, 2);
      await by.transferFrom(await by.ownerOf(id), other, id);
      await expect(by.setPrice(id, token, 3)).to.be.revertedWithCustomError(by, 'DatasetRegistry_NotOwner');
    });
    it('can never change a version, take rows away, or take what shares earned before', async () => {
      const { token, modelOwner, provider, royalties } = system();
      const { id, by, shares } = await registered();
      await pay(id, 100n);
      await expect(by.addVersion(id, ethers.id('c2'), 10, ethers.id('m2'), [], [])).to.be.revertedWithCustomError(
        by,
        'DatasetRegistry_Rows',
      );
      await by.addVersion(id, ethers.id('c2'), 11, ethers.id('m2'), [modelOwner], [10n ** 30n]);
      expect((await by.version(id, 1)).columnsRoot).to.equal(ethers.id('c'));
      expect(await shares.claimable(token, modelOwner)).to.equal(0n);
      await expect(royalties.collect(token, id)).to.be.revertedWithCustomError(royalties, 'Royalties_HasShares');
      await expect(shares.claim(token, provider)).to.changeTokenBalance(ethers, token, provider, 100n);
    });
  },

  'holder of shares': (system) => {
    it('can move shares, claim, and claim for others; never be paid twice or for what others held', async () => {
      const { models, modelOwner, model, token, provider, other, royalties, requester } = system();
      await models.connect(modelOwner).createShares(model, [provider], [4n]);
      await expect(models.connect(modelOwner).createShares(model, [modelOwner], [4n])).to.be.revertedWithCustomError(
        models,
        'ModelRegistry_HasShares',
      );
      const shares = await ethers.getContractAt('Shares', await models.sharesOf(model));
      await token.connect(requester).approve(royalties, 100n);
      await royalties.connect(requester).deposit(token, model, 100n);
      await shares.connect(provider).transfer(other, 3n);
      const before = await token.balanceOf(provider);
      await shares.connect(other).claim(token, provider);
      expect((await token.balanceOf(provider)) - before).to.equal(100n);
      for (const who of [provider, other]) {
        await expect(shares.claim(token, who)).to.be.revertedWithCustomError(shares, 'Shares_Nothing');
      }
    });
  },

  trainer: () => {
    it('can join, submit and resign', async () => {
      const system = await networkHelpers.loadFixture(trainingFixture);
      const terms = await running(system);
      const made = await round(system, terms, system.ada, { round: 0, turn: 1, tensors: INITIAL });
      await system.registry.connect(system.ada).resign(runIdOf(terms));
      await passWindow();
      await system.registry.settle(runIdOf(terms), [settledRound([made])]);
      const { locked } = await system.stake.provisionOf(system.ada, system.registry, system.penalties);
      expect(locked).to.equal(0n);
    });
    it('can never be paid before its round is final, or twice, nor move stake that a batch holds', async () => {
      const system = await networkHelpers.loadFixture(trainingFixture);
      const { registry, escrow, stake, penalties, ada } = system;
      const terms = await running(system);
      const made = await round(system, terms, ada, { round: 0, turn: 1, tensors: INITIAL });
      const settle = () => registry.settle(runIdOf(terms), [settledRound([made])]);
      await expect(settle()).to.be.revertedWithCustomError(registry, 'TrainingRegistry_NotFinal');
      await registry.connect(ada).resign(runIdOf(terms));
      const whole = stake.connect(ada).thawProvision(registry, penalties, 10_000n * MIEL);
      await expect(whole).to.be.revertedWithCustomError(stake, 'StakeManager_Insufficient');
      await passWindow();
      await settle();
      await expect(settle()).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Round');
      await escrow.withdraw(terms, ada);
      await expect(escrow.withdraw(terms, ada)).to.be.revertedWithCustomError(escrow, 'RunEscrow_Nothing');
    });
  },

  'backer of a run': () => {
    it('can fund it, and take everything back where others do not', async () => {
      const system = await networkHelpers.loadFixture(trainingFixture);
      const terms = await created(system);
      await system.escrow.connect(system.backer).fund(terms, 5n);
      await networkHelpers.time.increaseTo(terms.fundingDeadline + 1);
      await system.escrow.refund(terms, system.backer);
    });
    it('can never take back what a run holds, nor decide anything in it', async () => {
      const system = await networkHelpers.loadFixture(trainingFixture);
      const { escrow, registry, backer } = system;
      const terms = await running(system);
      const by = escrow.connect(backer);
      await expect(by.refund(terms, backer)).to.be.revertedWithCustomError(escrow, 'RunEscrow_State');
      await expect(registry.connect(backer).stop(terms)).to.be.revertedWithCustomError(
        registry,
        'TrainingRegistry_Deadline',
      );
    });
  },

  'agent, or its operator': () => {
    it('can register, link its accounts, ask for validations, and end a link for what it begins later', async () => {
      const system = await networkHelpers.loadFixture(agentsFixture);
      const { outcomes, identity, validation, market, provider } = system;
      await identity.connect(provider)['register(string)']('ipfs://agent');
      await outcomes.connect(provider).link(2n);
      const terms = await submitted(system);
      const jobId = ethers.keccak256(encodeTerms(terms));
      const asked = await outcomes.requestOf(market, jobId, ethers.id('salt'));
      await validation.connect(provider).validationRequest(outcomes, 2n, '', asked);
      await outcomes.connect(provider).unlink(provider);
      await passWindow();
      await market.withdraw(terms);
      await outcomes.record(market, jobId);
      await outcomes.validate(market, jobId, ethers.id('salt'));
      expect((await outcomes.recordOf(2n)).paid).to.equal(1n);
    });
    it('can never keep an entry away, choose its agent afterwards, or have another’s work count as its own', async () => {
      const system = await networkHelpers.loadFixture(agentsFixture);
      const { outcomes, identity, market, provider, other } = system;
      await outcomes.connect(provider).link(0n);
      const terms = await submitted(system);
      const jobId = ethers.keccak256(encodeTerms(terms));
      await rejected(system, terms);
      await outcomes.connect(provider).unlink(provider);
      await identity.connect(provider)['register()']();
      await outcomes.connect(provider).link(2n);
      await expect(outcomes.connect(other).link(0n)).to.be.revertedWithCustomError(outcomes, 'Outcomes_NotTheAgents');
      await outcomes.connect(other).record(market, jobId);
      const rejections = await Promise.all([0n, 1n, 2n].map(async (id) => (await outcomes.recordOf(id)).rejected));
      expect(rejections).to.deep.equal([1n, 0n, 0n]);
      await expect(outcomes.record(market, jobId)).to.be.revertedWithCustomError(outcomes, 'Outcomes_Recorded');
    });
  },

  'drand’s operators': () => {
    const deployed = async () => {
      const own = networkOf(0xd7a4dn);
      const genesis = await networkHelpers.time.latest();
      const drand = await ethers.deployContract('DrandRandomness', [genesis, 3n, own.key, TAG, 30n, 600n]);
      const round = await drand.next();
      await networkHelpers.time.increaseTo(await drand.timeOf(round));
      return { own, drand, round };
    };
    it('can publish a round’s signature, or withhold it', async () => {
      const { own, drand, round } = await deployed();
      await drand.record(round, own.sign(round));
      expect(await drand.status(round)).to.equal(1n);
    });
    it('can never give a round two values, change one, or revive what is expired', async () => {
      const { own, drand, round } = await deployed();
      const sign = own.sign(round);
      const P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;
      const y = ethers.toBeHex(P - BigInt(ethers.dataSlice(sign, 32)), 32);
      for (const other of [ethers.concat([ethers.dataSlice(sign, 0, 32), y]), own.sign(round + 1n)]) {
        await expect(drand.record(round, other)).to.be.revertedWithCustomError(drand, 'DrandRandomness_Signature');
      }
      await drand.record(round, sign);
      await expect(drand.record(round, sign)).to.be.revertedWithCustomError(drand, 'Randomness_Recorded');
      await networkHelpers.time.increase(700);
      await expect(drand.record(round + 1n, own.sign(round + 1n))).to.be.revertedWithCustomError(
        drand,
        'DrandRandomness_Time',
      );
    });
  },

  auditor: () => {
    it('can take a seat, submit the audits drawn for it, and resign; its pay and its lock come back', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, market: jobs, stake: stakes, penalties } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      const { record } = await audited(audits, job, audit, auditor);
      await pool.connect(auditor).resign();
      await quarters(9);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      expect(await pool.owed(job.terms.token, auditor)).to.be.greaterThan(0n);
      await nextTerm();
      await nextTerm();
      await pool.close(auditor);
      expect((await stakes.provisionOf(auditor, pool, penalties)).locked).to.equal(0n);
    });
    it('can never choose what it audits, be paid for a false alarm, or take its lock before the end', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, market: jobs } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      for (const other of audits.auditors.filter((one) => one !== auditor))
        await expect(audited(audits, job, audit, other)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
      const { record } = await audited(audits, job, audit, auditor, { passed: false });
      await expect(pool.connect(auditor).settle([job.terms], [record])).to.be.revertedWithCustomError(
        pool,
        'AuditPool_State',
      );
      await quarters(9);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      expect(await pool.owed(job.terms.token, auditor)).to.equal(0n);
    });
  },

  'AuditPool (client)': () => {
    it('can burn of a bond what was missed, and pays no more of a token than it holds', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, stake: stakes, market: jobs, miel } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      const { record } = await audited(audits, job, audit, auditor);
      const late = await auditedJob(audits);
      await drawn(audits, late);
      await quarters(9);
      const burned = await stakes.toBurn();
      await pool.missed(late.terms, 0);
      expect((await stakes.toBurn()) - burned).to.equal(2n * MIEL);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      const held = await jobs.owed(miel, pool);
      expect(await pool.owed(miel, auditor)).to.be.greaterThan(held);
      await expect(pool.collect(miel, auditor)).to.changeTokenBalance(ethers, miel, auditor, held);
    });
    it('can never reject another client’s batch, nor reach a provision that was not granted to it', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, claims, stake: stakes, penalties, provider, market: jobs, at } = audits;
      const job = await auditedJob(audits);
      await networkHelpers.impersonateAccount(at.AuditPool);
      await networkHelpers.setBalance(at.AuditPool, MIEL);
      const asPool = await ethers.getSigner(at.AuditPool);
      await expect(claims.connect(asPool).reject(job.batchId, 0, provider)).to.be.revertedWithCustomError(
        claims,
        'Claims_NotAdjudicator',
      );
      await expect(stakes.connect(asPool).release(provider, penalties, 1, 1)).to.be.revertedWithCustomError(
        stakes,
        'StakeManager_Insufficient',
      );
      expect((await stakes.provisionOf(provider, jobs, penalties)).locked).to.be.greaterThan(0n);
      expect(await pool.getAddress()).to.equal(at.AuditPool);
    });
  },

  'storage node': () => {
    it('can withhold, and never serve other bytes than a result’s', async () => {
      const { program, claim, y } = result();
      const serving = (bytes: Uint8Array) => ({ get: async () => bytes }) as unknown as Storage;
      const [output] = await fetchOutputs(serving(y), program, claim);
      expect([...(output.data as Float32Array)]).to.deep.equal([0, 2]);
      for (let at = 0; at < y.length; at++) {
        const other = y.slice();
        other[at] ^= 1;
        const error = await fetchOutputs(serving(other), program, claim).then(
          () => null,
          (e: { code: string }) => e.code,
        );
        expect(error).to.equal('RESULT_MISMATCH');
      }
    });
  },

  'RPC endpoint': () => {
    it('can leave out and delay, and never make another result look like the one on chain', async () => {
      const { claim } = result();
      const submission = {
        ...{ chainId: 1, client: `0x${'11'.repeat(20)}`, jobId: ethers.id('job'), programId: ethers.id('program') },
        receipt: ethers.id('receipt'),
      };
      const { chainId, client, jobId, programId } = submission;
      const context = jobContext(chainId, client, jobId, 0);
      const { inputsRoot, traceRoot } = claim;
      const batchRoot = listRoot([claimHash({ programId, inputsRoot, traceRoot, context })]);
      const receipt = { kind: 'essaim/receipt/1', programId, engine: {}, claims: [claim] };
      const storage = { getManifest: async () => receipt } as unknown as Storage;
      expect((await fetchReceipt(storage, { ...submission, batchRoot })).claims).to.have.length(1);
      const lies = [
        { batchRoot: ethers.id('another root') },
        { batchRoot, jobId: ethers.id('another job') },
        { batchRoot, programId: ethers.id('another program') },
        { batchRoot, chainId: 2 },
      ];
      for (const lie of lies) {
        const error = await fetchReceipt(storage, { ...submission, ...lie }).then(
          () => null,
          (e: { code: string }) => e.code,
        );
        expect(error).to.equal('RESULT_MISMATCH');
      }
    });
  },
};

/** A program of one Relu, and the receipt of its run on [-1, 2]. */
function result() {
  const b = new OnnxBuilder();
  b.output(b.node('Relu', [b.input('x', 'float32', [2])]));
  const program = compile(b.bytes());
  const bytes = (...numbers: number[]) => new Uint8Array(Float32Array.of(...numbers).buffer);
  const { type } = program.values[0];
  const [x, y] = [bytes(-1, 2), bytes(0, 2)];
  const root = commitTensor(type, y).root;
  const claim = {
    inputsRoot: listRoot([commitTensor(type, x).root]),
    traceRoot: listRoot([root]),
    values: ethers.getBytes(root),
    outputs: ['a CID'],
    trace: null,
  } satisfies ClaimReceipt;
  return { program, claim, y };
}

describe('Trust', () => {
  let market: Market;
  beforeEach(async () => {
    market = await networkHelpers.loadFixture(marketFixture);
  });

  const [powers] = readFileSync('docs/trust.md', 'utf8').split('\n## ');
  const rows = powers
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split('|')[1].trim())
    .slice(1);

  it('every line of docs/trust.md is tested here, and no other', () => {
    expect(Object.keys(lines)).to.deep.equal(rows);
  });

  for (const [who, tests] of Object.entries(lines)) describe(who, () => tests(() => market));
});
