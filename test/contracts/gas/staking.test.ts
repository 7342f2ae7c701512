import { assertFigure } from '../../../scripts/figures.ts';
import { connection, MIEL } from '../market/fixture.ts';
import { deployPool, passThaw } from '../staking/fixture.ts';

const { networkHelpers } = connection;
const COMMAND = 'npm run gas';

describe('Gas of staking', () => {
  it('stays below its ceilings', async () => {
    const s = await networkHelpers.loadFixture(deployPool);
    const own = s.stake.connect(s.operator);
    const by = s.stake.connect(s.delegator);
    const check = async (
      name: string,
      atMost: number,
      sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>,
    ) =>
      assertFigure(`gas.staking.${name}`, {
        value: Number((await (await sent).wait())!.gasUsed),
        unit: 'gas',
        aim: { atMost },
        command: COMMAND,
      });
    await s.stake.connect(s.other).stake(MIEL);
    await check('stake', 120_000, s.stake.connect(s.other).stake(MIEL));
    await check('lend-votes', 130_000, own.delegate(s.other));
    await check('provision', 45_000, own.provision(s.client, s.slasher, MIEL));
    await check('open-pool', 260_000, own.openPool(s.other, s.slasher, 1_000));
    await check('delegate', 200_000, by.delegateTo(1n, 300n * MIEL));
    await check('delegate-more', 160_000, by.delegateTo(1n, MIEL));
    const locked = s.stake.connect(s.client).lock(s.operator, s.slasher, 400_000n, 0n, 0n);
    await check('lock', 35_000, locked);
    const slashed = s.stake
      .connect(s.slasher)
      .slash(s.operator, s.client, 400_000n, 200_000n, s.other, 50_000n, s.other, 50_000n);
    await check('slash-pool', 200_000, slashed);
    await s.token.mint(s.fees, 1_000_000n);
    await check('undelegate', 170_000, by.undelegate(1n, 301n * MIEL));
    await check('claim-fees', 110_000, s.fees.claim(s.token, s.delegator));
    await passThaw();
    await check('withdraw-delegated', 200_000, by.withdrawDelegated(1n));
  });
});
