import { assertFigure } from '../../../scripts/figures.ts';
import { agentsFixture } from '../identity/fixture.ts';
import { connection, jobIdOf, passWindow, submitted } from '../market/fixture.ts';

const { networkHelpers } = connection;

describe('Gas of an outcome', () => {
  it('stays within 200,000 to record and publish, for an agent that has a record', async () => {
    const system = await networkHelpers.loadFixture(agentsFixture);
    const { outcomes, market, provider } = system;
    await outcomes.connect(provider).link(0n);
    let gas = 0n;
    for (let i = 0; i < 2; i++) {
      const terms = await submitted(system);
      await passWindow();
      await market.withdraw(terms);
      gas = (await (await outcomes.record(market, jobIdOf(terms))).wait())!.gasUsed;
      if (process.env.GAS_DETAIL) console.log(gas);
    }
    assertFigure('gas.outcomes.record', {
      value: Number(gas),
      unit: 'gas',
      aim: { atMost: 200_000 },
      command: 'npm run gas',
    });
  });
});
