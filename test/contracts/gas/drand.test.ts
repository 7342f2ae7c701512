import { assertFigure } from '../../../scripts/figures.ts';
import { connection } from '../connection.ts';
import { networkOf, TAG } from '../randomness/drand.ts';

const { ethers, networkHelpers } = connection;
const ROUNDS = 24n;

describe('Gas of drand’s randomness', () => {
  it('stays within 220,000 to verify and record a round, whichever candidates its point takes', async () => {
    const own = networkOf(0xabcdef_0123n);
    const genesis = BigInt(await networkHelpers.time.latest()) - 3n * ROUNDS;
    const drand = await ethers.deployContract('DrandRandomness', [genesis, 3n, own.key, TAG, 30n, 86_400n]);
    let most = 0n;
    for (let round = 1n; round <= ROUNDS; round++) {
      const { gasUsed } = (await (await drand.record(round, own.sign(round))).wait())!;
      if (gasUsed > most) most = gasUsed;
    }
    assertFigure('gas.randomness.drand', {
      value: Number(most),
      unit: 'gas',
      aim: { atMost: 220_000 },
      command: 'npm run gas',
    });
  });
});
