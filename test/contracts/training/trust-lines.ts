import { runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import { connection, type Market, MIEL, passWindow } from '../market/fixture.ts';

import { created, INITIAL, running, trainingFixture } from './fixture.ts';
import { round, settledRound } from './trainer.ts';

const { networkHelpers } = connection;

/** Lines of docs/trust.md about runs. */
export const trainingLines: Record<string, (system: () => Market) => void> = {
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
};
