import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('jobs', () => {
  let me: Visit;
  afterEach(() => me?.close());

  for (const theme of ['light', 'dark'] as const) {
    it(`are listed, narrowed by state and by whose they are, in ${theme} colours`, async () => {
      me = await visit({ theme, as: 'requester' });
      await me.go('jobs');
      const rows = me.page.getByRole('article');
      await rows.first().waitFor();
      await expectAccessible(me.page);
      await screenshot(me.page, `jobs-${theme}`);
      const all = await rows.count();
      expect(all).to.be.at.least(4);
      await me.page.getByText('That I run').click();
      await me.page.getByText('Connect a wallet to see your own.').waitFor();
      await me.connect();
      await me.page.getByText('There are none of these.').waitFor();
      await me.page.getByText('That I posted').click();
      await rows.first().waitFor();
      await me.page.getByText('Refunded or cancelled').click();
      expect(new URL(me.page.url()).hash).to.equal('#/jobs?state=ended&whose=requester');
      expect(me.complaints).to.deep.equal([]);
    });

    it(`are told one by one, with their result checked here, in ${theme} colours`, async () => {
      me = await visit({ theme });
      await me.go(`jobs/${world().life.honest[0]}`);
      await me.page.getByText(/accepted it, with/).waitFor();
      await me.page.getByText(/The window to challenge it is/).waitFor();
      await me.page.getByRole('button', { name: 'Fetch and check it' }).click();
      await me.page.getByText('digit', { exact: true }).waitFor();
      await me.page.getByText('The receipt').click();
      await me.page.getByText('published', { exact: true }).waitFor();
      await expectAccessible(me.page);
      await screenshot(me.page, `job-${theme}`);
      expect(me.complaints).to.deep.equal([]);
    });
  }

  it('are taken back by who posted them, and the page follows', async () => {
    const { town } = world();
    const nobody = accounts(town.chain).founder;
    const requester = await town.connect('requester');
    const run = requester.jobs.run({
      model: town.models.mlp,
      inputs: new Float32Array(64),
      token: town.deployment.addresses.MielToken,
      fee: parseEther('2'),
      collateral: parseEther('100'),
      provider: nobody.address,
    });
    for await (const { stage } of run) if (stage === 'posted') break;
    const { jobId } = run;
    requester.close();
    me = await visit({ as: 'requester', phone: true });
    await me.go(`jobs/${jobId}`);
    await me.page.getByText('It waits for a provider to accept it.').waitFor();
    await me.page.getByRole('button', { name: 'Menu' }).waitFor();
    await me.connect();
    await me.page.getByRole('button', { name: 'Take the job back' }).click();
    await me.page.getByText('The requester took it back.').waitFor();
    await expectAccessible(me.page);
    const isWide = await me.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isWide).to.equal(false);
    await screenshot(me.page, 'job-phone');
  });

  it('that are none say so', async () => {
    me = await visit();
    await me.go(`jobs/0x${'ab'.repeat(32)}`);
    await me.page.getByText('There is no job of this id in the chain.').waitFor();
    await me.go('jobs/12');
    await me.page.getByRole('heading', { name: 'No such job' }).waitFor();
    await expectAccessible(me.page);
  });
});
