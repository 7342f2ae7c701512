import { expect } from 'chai';
import { accounts } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('shares on the page', () => {
  let me: Visit;
  let dataset: bigint;
  afterEach(() => me?.close());

  const at = async (path: string, options: VisitOptions = {}) => {
    me = await visit(options);
    await me.go(path);
    if (options.as) await me.connect();
  };
  const button = (name: string) => me.page.getByRole('button', { name, exact: true });
  const said = (words: string | RegExp) => me.page.getByText(words).first().waitFor();

  /** The founder scanned the data set that the run trains on; the run pays for it. */
  before(async () => {
    const { town, life } = world();
    const requester = await town.connect('requester');
    const { terms } = await requester.training.view(life.runId as `0x${string}`);
    dataset = terms.dataset;
    await requester.training.payData(life.runId as `0x${string}`);
    requester.close();
  });

  it('asks for a wallet first, and finds holders without one', async () => {
    await at('shares', { theme: 'dark' });
    await button('Connect a wallet to see what you own').waitFor();
    await me.page.getByLabel('Its number, decimal or 0x…').fill('x');
    await said('Give the number of a model or data set.');
    await expectAccessible(me.page);
    await me.page.getByLabel('Its number, decimal or 0x…').fill(`${dataset}`);
    await button('Show its holders').click();
    await me.page.getByRole('row', { name: /100 %/ }).waitFor();
    await expectAccessible(me.page);
    await screenshot(me.page, 'holders-dark');
  });

  it('shows what one owns and pays its revenue out', async () => {
    await at('shares', { as: 'founder' });
    const card = me.page.getByRole('region', { name: /^Data set 0x/ });
    await card.getByText('You own 100 % of its shares.').waitFor();
    await me.page
      .getByText(/^To be claimed: [\d,.]+ MIEL$/)
      .first()
      .waitFor();
    await expectAccessible(me.page);
    await screenshot(me.page, 'shares-light');
    const founder = await world().town.connect('founder');
    const { MielToken } = founder.contracts;
    const { address } = accounts(world().town.chain).founder;
    const token = await MielToken.getAddress();
    const due = await founder.shares.claimable(dataset, token, address);
    expect(due > 0n).to.equal(true);
    const before = await MielToken.balanceOf(address);
    await card.getByRole('button', { name: 'Claim', exact: true }).click();
    await card.getByText('Nothing is there yet.').waitFor();
    expect((await MielToken.balanceOf(address)) - before).to.equal(due);
    await card.getByRole('button', { name: 'Draw in what others owe it' }).click();
    await card.getByText('Nothing was waiting').waitFor();
    await expectAccessible(me.page);
    founder.close();
  });

  it('says to who owns nothing how that comes, also on a phone and without an indexer', async () => {
    await at('shares', { as: 'verifier', phone: true, config: { indexer: undefined } });
    await said('You own no part of a model or data set.');
    await expectAccessible(me.page);
    expect(await me.page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(390);
    await screenshot(me.page, 'shares-phone');
    await me.go('shares/999999');
    await said('Nobody registered a model or data set of this number.');
  });
});
