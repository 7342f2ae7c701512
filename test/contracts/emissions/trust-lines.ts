import { expect } from 'chai';
import { connection, type Market, MIEL } from '../market/fixture.ts';
import { backed, emissionsFixture, gains, paid, RESERVE, recorded } from './fixture.ts';

const { networkHelpers } = connection;

/** The line of docs/trust.md about emissions. */
export const emissionLines: Record<string, (system: () => Market) => void> = {
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
};
