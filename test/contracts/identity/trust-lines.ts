import { expect } from 'chai';
import { connection, encodeTerms, type Market, passWindow, rejected, submitted } from '../market/fixture.ts';
import { agentsFixture } from './fixture.ts';

const { ethers, networkHelpers } = connection;

/** The line of docs/trust.md about agents. */
export const identityLines: Record<string, (system: () => Market) => void> = {
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
};
