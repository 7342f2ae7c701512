import { expect } from 'chai';
import {
  accepted,
  connection,
  rejected as convict,
  jobIdOf,
  passWindow,
  posted,
  submitted,
  type Terms,
} from '../market/fixture.ts';
import { endedByInput } from '../market/missing-input.ts';
import { type Agents, agentsFixture, deployRegistries, Outcome, setWallet } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const SALT = ethers.id('salt');

describe('Outcomes', () => {
  let system: Agents;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(agentsFixture);
    await system.outcomes.connect(system.provider).link(0n);
  });

  const record = (terms: Terms, by = system.challenger) =>
    system.outcomes.connect(by).record(system.market, jobIdOf(terms));
  const entryOf = (terms: Terms) => system.outcomes.entryOf(system.market, jobIdOf(terms));
  const counts = async (agent = 0n) => [...(await system.outcomes.recordOf(agent))].map(Number);
  const feedback = async (agent = 0n, index = 1n) => [
    ...(await system.reputation.readFeedback(agent, system.outcomes, index)),
  ];

  async function paid(changes: Partial<Terms> = {}): Promise<Terms> {
    const terms = await submitted(system, changes);
    await passWindow();
    await system.market.withdraw(terms);
    return terms;
  }

  async function late(): Promise<Terms> {
    const terms = await accepted(system);
    await networkHelpers.time.increaseTo(terms.deadline + 1n);
    await system.market.refund(terms);
    return terms;
  }

  async function rejected(): Promise<Terms> {
    const terms = await submitted(system);
    await convict(system, terms);
    return terms;
  }

  describe('of a job', () => {
    it('is paid, with a hundred as feedback, whoever pokes', async () => {
      const terms = await paid();
      const batchId = await system.market.batchIdOf(jobIdOf(terms));
      await expect(record(terms))
        .to.emit(system.outcomes, 'Recorded')
        .withArgs(0n, system.provider.address, batchId, Outcome.Paid, 100n);
      expect(await counts()).to.deep.equal([1, 0, 0, 0, 0]);
      expect(await feedback()).to.deep.equal([100n, 0n, 'paid', 'job', false]);
      expect([...(await entryOf(terms))]).to.deep.equal([0n, Outcome.Paid, 100n, true, false]);
      const [log] = await system.reputation.queryFilter(system.reputation.filters.NewFeedback());
      expect(log.args.feedbackHash).to.equal(jobIdOf(terms));
    });

    it('is paid too where the money was released before the window ended, once it has', async () => {
      const terms = await submitted(system);
      await system.market.connect(system.requester).release(terms);
      await expect(record(terms)).to.be.revertedWithCustomError(system.outcomes, 'Outcomes_Open');
      await passWindow();
      await system.market.withdraw(terms);
      await record(terms);
      expect(await counts()).to.deep.equal([1, 0, 0, 0, 0]);
    });

    it('is none for a sealed job that nobody but its requester could have found wrong, unless it is convicted', async () => {
      const seal = { isSealed: true, provider: system.provider.address };
      await expect(record(await paid(seal))).to.be.revertedWithCustomError(system.outcomes, 'Outcomes_Sealed');
      const convicted = await submitted(system, seal);
      await convict(system, convicted);
      await record(convicted);
      expect(await counts()).to.deep.equal([0, 0, 0, 1, 0]);
    });

    it('is late without a result, with nothing as feedback', async () => {
      const terms = await accepted(system);
      await networkHelpers.time.increaseTo(terms.deadline + 1n);
      await expect(record(terms)).to.be.revertedWithCustomError(system.outcomes, 'Outcomes_Open');
      await system.market.refund(terms);
      await record(terms);
      expect(await counts()).to.deep.equal([0, 0, 1, 0, 0]);
      expect(await feedback()).to.deep.equal([0n, 0n, 'late', 'job', false]);
    });

    it('is rejected from the conviction on, refunded or not, also where the money was released', async () => {
      const released = await submitted(system);
      await system.market.connect(system.requester).release(released);
      await convict(system, released);
      await record(released);
      await record(await rejected());
      const refunded = await rejected();
      await system.market.refund(refunded);
      await record(refunded);
      expect(await counts()).to.deep.equal([0, 0, 0, 3, 0]);
      expect(await feedback()).to.deep.equal([-100n, 0n, 'rejected', 'job', false]);
    });

    it('is void where all its claims are, and paid by its share where some are', async () => {
      const { claims, referee, market } = system;
      const terms: Terms[] = [];
      for (const voids of [3, 2, 0]) {
        const job = await submitted(system, { count: 3n });
        const batchId = await market.batchIdOf(jobIdOf(job));
        for (let leaf = 0; leaf < voids; leaf++) await claims.connect(referee).annul(batchId, leaf);
        terms.push(job);
      }
      await passWindow();
      for (const job of terms) {
        await market.withdraw(job);
        await record(job);
      }
      expect(await counts()).to.deep.equal([2, 0, 0, 0, 1]);
      expect([(await feedback(0n, 1n))[0], (await feedback(0n, 2n))[0], (await feedback(0n, 3n))[0]]).to.deep.equal([
        ...[0n, 33n, 100n],
      ]);
      expect((await feedback())[2]).to.equal('void');
    });

    it('is paid by one per cent at least where one of very many claims counts', async () => {
      const { claims, referee, market } = system;
      const terms = await submitted(system, { count: 128n });
      const batchId = await market.batchIdOf(jobIdOf(terms));
      for (let leaf = 0; leaf < 127; leaf++) await claims.connect(referee).annul(batchId, leaf);
      await passWindow();
      await market.withdraw(terms);
      await record(terms);
      expect((await entryOf(terms)).share).to.equal(1n);
    });

    it('is not there while it is open, cancelled or given back, nor for a job that nobody posted', async () => {
      const { market, requester, provider, outcomes } = system;
      const open = [await posted(system), await accepted(system), await submitted(system)];
      const cancelled = await posted(system);
      await market.connect(requester).cancel(cancelled);
      const returned = await accepted(system);
      await market.connect(provider).exit(returned);
      await passWindow(); // the submitted one is final, and not paid yet
      for (const terms of [...open, cancelled, returned]) {
        await expect(record(terms)).to.be.revertedWithCustomError(outcomes, 'Outcomes_Open');
      }
      await expect(outcomes.record(market, ethers.id('no job'))).to.be.revertedWithCustomError(
        outcomes,
        'Outcomes_Open',
      );
    });

    it('is not there for a job whose input was at fault: its provider was not late', async () => {
      await expect(record(await endedByInput(system))).to.be.revertedWithCustomError(system.outcomes, 'Outcomes_Open');
    });

    it('is recorded once, and what was recorded stays', async () => {
      const terms = [await paid(), await late(), await rejected()];
      for (const job of terms) await record(job);
      const before = [await counts(), [...(await entryOf(terms[0]))]];
      for (const job of terms) {
        await expect(record(job)).to.be.revertedWithCustomError(system.outcomes, 'Outcomes_Recorded');
        await expect(system.outcomes.publish(system.market, jobIdOf(job))).to.be.revertedWithCustomError(
          system.outcomes,
          'Outcomes_Written',
        );
      }
      expect([await counts(), [...(await entryOf(terms[0]))]]).to.deep.equal(before);
      expect(await system.reputation.getLastIndex(0n, system.outcomes)).to.equal(3n);
    });
  });

  describe('of a batch', () => {
    const submit = async (subject: string, executor = system.provider, count = 2) =>
      system.client.submit(subject, ethers.id('root'), count, executor);

    it('stands when it is final, is rejected when it is convicted, and void when all its claims are', async () => {
      const { client, claims, referee, challenger, outcomes } = system;
      const subjects = ['stood', 'rejected', 'void', 'half'].map((it) => ethers.id(it));
      for (const subject of subjects) await submit(subject);
      const batchIds = await Promise.all(
        subjects.map(async (it) =>
          ethers.solidityPackedKeccak256(['address', 'bytes32'], [await client.getAddress(), it]),
        ),
      );
      await claims.connect(referee).reject(batchIds[1], 0, challenger);
      for (const leaf of [0, 1]) await claims.connect(referee).annul(batchIds[2], leaf);
      await claims.connect(referee).annul(batchIds[3], 0);
      await expect(outcomes.record(client, subjects[0])).to.be.revertedWithCustomError(outcomes, 'Outcomes_Open');
      await outcomes.record(client, subjects[1]);
      await passWindow();
      for (const at of [0, 2, 3]) await outcomes.record(client, subjects[at]);
      expect(await counts()).to.deep.equal([0, 2, 0, 1, 1]);
      expect(await feedback(0n, 2n)).to.deep.equal([100n, 0n, 'stood', 'batch', false]);
      expect((await feedback(0n, 4n))[0]).to.equal(50n);
      await expect(outcomes.record(client, ethers.id('none'))).to.be.revertedWithCustomError(outcomes, 'Outcomes_Open');
    });

    it('counts of no client but those named at deployment: who convicts its own batches convicts nobody’s agent', async () => {
      const { claims, outcomes, provider } = system;
      const foreign = await ethers.deployContract('Client__Harness', [claims]);
      await foreign.submit(ethers.id('subject'), ethers.id('root'), 1, provider);
      await passWindow();
      await expect(outcomes.record(foreign, ethers.id('subject'))).to.be.revertedWithCustomError(
        outcomes,
        'Outcomes_Client',
      );
    });
  });

  describe('go to the agent', () => {
    it('that its owner or its wallet linked, and to nobody else’s', async () => {
      const { outcomes, identity, provider, other, requester } = system;
      await expect(outcomes.connect(other).link(1n)).to.emit(outcomes, 'Linked').withArgs(1n, other.address);
      await expect(outcomes.connect(requester).link(0n))
        .to.be.revertedWithCustomError(outcomes, 'Outcomes_NotTheAgents')
        .withArgs(0n, requester.address);
      await expect(outcomes.connect(other).link(7n)).to.be.revertedWithCustomError(identity, 'ERC721NonexistentToken');
      await identity.connect(provider).approve(requester, 0n);
      await expect(outcomes.connect(requester).link(0n)).to.be.revertedWithCustomError(
        outcomes,
        'Outcomes_NotTheAgents',
      );
      await setWallet(system, provider, requester);
      await outcomes.connect(requester).link(0n);
      const now = await networkHelpers.time.latest();
      expect([...(await outcomes.agentAt(requester, now))]).to.deep.equal([true, 0n]);
      expect([...(await outcomes.agentAt(requester, now - 1))]).to.deep.equal([false, 0n]);
    });

    it('that the account was linked to when it accepted, whatever is linked afterwards', async () => {
      const { outcomes, identity, provider, other } = system;
      const first = await submitted(system);
      await outcomes.connect(provider).unlink(provider);
      const alone = await submitted(system);
      await identity.connect(other).transferFrom(other, provider, 1n);
      await outcomes.connect(provider).link(1n);
      const second = await submitted(system);
      for (const terms of [first, alone, second]) await convict(system, terms);
      await record(first);
      await record(second);
      await expect(record(alone)).to.be.revertedWithCustomError(outcomes, 'Outcomes_NoAgent');
      expect([await counts(0n), await counts(1n)]).to.deep.equal([
        [0, 0, 0, 1, 0],
        [0, 0, 0, 1, 0],
      ]);
    });

    it('and not to one that was linked once the outcome was known', async () => {
      const { outcomes, provider } = system;
      await outcomes.connect(provider).unlink(provider);
      const terms = await paid();
      await outcomes.connect(provider).link(0n);
      await expect(record(terms)).to.be.revertedWithCustomError(outcomes, 'Outcomes_NoAgent');
    });

    it('until the account or whoever owns the agent by then ends the link', async () => {
      const { outcomes, identity, provider, other, requester } = system;
      await identity.connect(provider).transferFrom(provider, requester, 0n);
      await expect(outcomes.connect(other).unlink(provider)).to.be.revertedWithCustomError(
        outcomes,
        'Outcomes_NotLinked',
      );
      await expect(outcomes.connect(requester).unlink(provider))
        .to.emit(outcomes, 'Unlinked')
        .withArgs(0n, provider.address);
      await expect(outcomes.connect(provider).unlink(provider)).to.be.revertedWithCustomError(
        outcomes,
        'Outcomes_NotLinked',
      );
      const terms = await rejected();
      await expect(record(terms)).to.be.revertedWithCustomError(outcomes, 'Outcomes_NoAgent');
    });
  });

  describe('cannot be forged or kept away', () => {
    it('by feedback of others: the protocol’s entries are those of this contract', async () => {
      const { reputation, outcomes, challenger, requester } = system;
      for (const by of [challenger, requester]) {
        await reputation.connect(by).giveFeedback(0n, 100n, 0, 'paid', 'job', '', '', ethers.ZeroHash);
      }
      await record(await rejected());
      expect([...(await reputation.getSummary(0n, [await outcomes.getAddress()], '', ''))]).to.deep.equal([
        ...[1n, -100n, 0n],
      ]);
      expect([...(await reputation.getSummary(0n, [await outcomes.getAddress()], 'paid', ''))]).to.deep.equal([
        ...[0n, 0n, 0n],
      ]);
      expect(await counts()).to.deep.equal([0, 0, 0, 1, 0]);
    });

    it('by an agent’s owner that has the registry refuse the feedback: the record holds it, and it is published later', async () => {
      const { identity, provider, outcomes, reputation, market } = system;
      const by = identity.connect(provider);
      await by.setApprovalForAll(outcomes, true);
      const terms = await rejected();
      await record(terms);
      expect(await counts()).to.deep.equal([0, 0, 0, 1, 0]);
      expect((await entryOf(terms)).published).to.equal(false);
      await expect(outcomes.publish(market, jobIdOf(terms))).to.be.revertedWithCustomError(
        reputation,
        'ReputationRegistry_Self',
      );
      await by.setApprovalForAll(outcomes, false);
      await outcomes.connect(system.other).publish(market, jobIdOf(terms));
      expect(await feedback()).to.deep.equal([-100n, 0n, 'rejected', 'job', false]);
      expect((await entryOf(terms)).published).to.equal(true);
    });

    it('by a poke that leaves the registry too little gas', async () => {
      const { outcomes, market, provider } = system;
      const terms = await rejected();
      const by = outcomes.connect(provider);
      await expect(by.record(market, jobIdOf(terms), { gasLimit: 100_000n })).to.revert(ethers);
      for (const gasLimit of [250_000n, 350_000n, 450_000n]) {
        await expect(by.record(market, jobIdOf(terms), { gasLimit })).to.be.revertedWithCustomError(
          outcomes,
          'Outcomes_Gas',
        );
      }
      await by.record(market, jobIdOf(terms), { gasLimit: await by.record.estimateGas(market, jobIdOf(terms)) });
      expect((await entryOf(terms)).published).to.equal(true);
    });

    it('by registries of other agents', async () => {
      const { claims, market, identity, reputation, validation, outcomes } = system;
      const others = await deployRegistries();
      for (const [reputed, validated] of [
        [others.reputation, validation],
        [reputation, others.validation],
      ]) {
        await expect(
          ethers.deployContract('Outcomes', [claims, market, [], identity, reputed, validated]),
        ).to.be.revertedWithCustomError(outcomes, 'Outcomes_Registries');
      }
    });
  });

  describe('as validations', () => {
    const ask = async (terms: Terms, by = system.provider, agent = 0n, salt = SALT) => {
      const { outcomes, validation, market } = system;
      const hash = await outcomes.requestOf(market, jobIdOf(terms), salt);
      await validation.connect(by).validationRequest(outcomes, agent, '', hash);
      return hash;
    };
    const validate = (terms: Terms, salt = SALT) =>
      system.outcomes.connect(system.other).validate(system.market, jobIdOf(terms), salt);

    it('answer what the agent asked, for anybody, once an outcome', async () => {
      const { validation, outcomes } = system;
      const all: [Terms, bigint, string][] = [
        [await paid(), 100n, 'paid'],
        [await late(), 0n, 'late'],
        [await rejected(), 0n, 'rejected'],
      ];
      const hollow = await submitted(system);
      await system.claims.connect(system.referee).annul(await system.market.batchIdOf(jobIdOf(hollow)), 0);
      await passWindow();
      await system.market.withdraw(hollow);
      all.push([hollow, 50n, 'void']);
      for (const [terms, response, tag] of all) {
        const hash = await ask(terms);
        await expect(validate(terms)).to.be.revertedWithCustomError(outcomes, 'Outcomes_Written');
        await record(terms);
        await validate(terms);
        const status = await validation.getValidationStatus(hash);
        expect([status.response, status.tag, status.responseHash]).to.deep.equal([response, tag, jobIdOf(terms)]);
        await ask(terms, system.provider, 0n, ethers.id('another salt'));
        await expect(validate(terms, ethers.id('another salt'))).to.be.revertedWithCustomError(
          outcomes,
          'Outcomes_Written',
        );
      }
    });

    it('answer nothing that was asked for another agent, of another validator, or not at all', async () => {
      const { outcomes, validation, market, other, provider } = system;
      const terms = await paid();
      await record(terms);
      await expect(validate(terms)).to.be.revertedWithCustomError(validation, 'ValidationRegistry_Unknown');
      await ask(terms, other, 1n);
      await expect(validate(terms)).to.be.revertedWithCustomError(outcomes, 'Outcomes_OtherAgent').withArgs(0n, 1n);
      const salt = ethers.id('salt 2');
      const hash = await outcomes.requestOf(market, jobIdOf(terms), salt);
      await validation.connect(provider).validationRequest(other, 0n, '', hash);
      await expect(validate(terms, salt)).to.be.revertedWithCustomError(validation, 'ValidationRegistry_NotValidator');
      await ask(terms, provider, 0n, ethers.id('salt 3'));
      await validate(terms, ethers.id('salt 3'));
    });
  });

  it('cost a job nothing: its transactions take the gas that they take without an agent', async () => {
    const { market, provider, requester, outcomes } = system;
    const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
      (await (await sent).wait())!.gasUsed;
    async function path(): Promise<bigint[]> {
      const terms = await accepted(system, { salt: 0xffffn, inputsRoot: SALT, inputs: SALT, deadline: 0xffffffffn });
      const by = market.connect(provider);
      const used = [await gas(by.submit(terms, SALT, SALT))];
      await passWindow();
      return [...used, await gas(by.withdraw(terms))];
    }
    await paid();
    const before = await networkHelpers.takeSnapshot();
    const linked = await path();
    await before.restore();
    await outcomes.connect(provider).unlink(provider);
    expect(await path()).to.deep.equal(linked);
    expect(requester.address).not.to.equal(provider.address);
  });
});
