import { expect } from 'chai';
import { batchIdOf, type Market, passWindow, submitted } from '../market/fixture.ts';

/** The line of docs/trust.md about who ends a claim. */
export const claimsLines: Record<string, (system: () => Market) => void> = {
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
};
