import { assertFigure, recordFigure } from '../../../scripts/figures.ts';
import { connection, type Market, marketFixture, passWindow, termsOf } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';

/** Gas of each transaction of requester and provider on a job's whole happy path. */
async function happyPath(system: Market): Promise<Record<string, bigint>> {
  const { market, requester, provider } = system;
  const terms = await termsOf(system);
  const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
    (await (await sent).wait())!.gasUsed;
  const post = await gas(market.connect(requester).post(terms));
  const accept = await gas(market.connect(provider).accept(terms));
  const submit = await gas(market.connect(provider).submit(terms, ethers.id('trace'), ethers.id('receipt')));
  await passWindow();
  const withdraw = await gas(market.connect(provider).withdraw(terms));
  return { post, accept, submit, withdraw };
}

const sum = (gas: Record<string, bigint>) => Number(Object.values(gas).reduce((a, b) => a + b, 0n));

describe('Gas of a job', () => {
  it('stays within 350,000 for all transactions of requester and provider in steady state', async () => {
    const system = await networkHelpers.loadFixture(marketFixture);
    const first = await happyPath(system);
    recordFigure('gas.job.first', { value: sum(first), unit: 'gas', aim: null, command: COMMAND });
    const steady = await happyPath(system);
    if (process.env.GAS_DETAIL) console.log({ first, steady, sum: sum(steady) });
    assertFigure('gas.job.happy-path', {
      value: sum(steady),
      unit: 'gas',
      aim: { atMost: 350_000 },
      command: COMMAND,
    });
  });

  it('stays within 300 a claim for a job of 1,000 inputs submitted as one batch', async () => {
    const system = await networkHelpers.loadFixture(marketFixture);
    const { market, requester, provider } = system;
    const terms = await termsOf(system, { count: 1_000n });
    await market.connect(requester).post(terms);
    await market.connect(provider).accept(terms);
    const sent = await market.connect(provider).submitBatch(terms, ethers.id('batch'), ethers.id('receipt'));
    const { gasUsed } = (await sent.wait())!;
    assertFigure('gas.claim.batch-1000', {
      value: Number(gasUsed) / 1_000,
      unit: 'gas',
      aim: { atMost: 300 },
      command: COMMAND,
    });
  });
});
