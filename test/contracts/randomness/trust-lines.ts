import { expect } from 'chai';
import { connection, type Market } from '../market/fixture.ts';

import { networkOf, TAG } from './drand.ts';

const { ethers, networkHelpers } = connection;

/** The line of docs/trust.md about randomness. */
export const randomnessLines: Record<string, (system: () => Market) => void> = {
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
};
