import { batchIdOf } from '@essaim/sdk';
import { expect } from 'chai';
import { expectAccessible } from './lib/axe.ts';
import { Liar } from './lib/liar.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

const batchOf = (jobId: string) => batchIdOf(world().town.deployment.addresses.JobMarket, jobId);

describe('a dispute as a picture', () => {
  const open: Visit[] = [];
  const come = async (...given: Parameters<typeof visit>) => {
    const me = await visit(...given);
    open.push(me);
    return me;
  };
  afterEach(async () => {
    for (const me of open.splice(0)) await me.close();
  });

  let liar: Liar;
  let lied: { jobId: string; batchId: string };
  before(async () => {
    liar = await Liar.ready(world().town);
    lied = await liar.post();
  });
  after(() => liar?.close());

  it('unfolds while one looks on: the job is run, the result submitted and convicted', async () => {
    const [byJob, byBatch] = [await come(), await come()];
    await byJob.go(`jobs/${lied.jobId}`);
    await byJob.page.getByText('It waits for a provider to accept it.').waitFor();
    await byBatch.go(`disputes/${lied.batchId}`);
    await byBatch.page.getByText('There is no batch of this id in the chain.').waitFor();
    const cheat = await liar.work();
    await byBatch.page.getByRole('heading', { name: 'One wrong number' }).waitFor({ timeout: 40_000 });
    await byBatch.page.getByRole('img', { name: /MatMul, operator 49 of 71, is at fault/ }).waitFor();
    await byJob.page.getByRole('link', { name: 'See what was wrong' }).click();
    await byJob.page.getByRole('heading', { name: 'One wrong number' }).waitFor();
    await cheat.child.stop();
    expect(byBatch.complaints).to.deep.equal([]);
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`shows element, claimed and permitted, and where the lock went, in ${theme} colours`, async () => {
      const me = await come({ theme });
      await me.go(`disputes/${lied.batchId}`);
      await me.page.getByRole('img', { name: /Claimed -?[\d.]+; permitted between -?[\d.]+ and -?[\d.]+/ }).waitFor();
      await me.page.getByText('burned for good').waitFor();
      await expectAccessible(me.page);
      await me.page.getByText('The numbers that it was computed from').click();
      await me.page.getByRole('heading', { name: /Operand 1: 12 of inner value 39/ }).waitFor();
      await expectAccessible(me.page);
      await me.page.setViewportSize({ width: 1_080, height: 900 });
      await screenshot(me.page, `dispute-${theme}`, me.page.locator('.dispute-picture'));
      expect(me.complaints).to.deep.equal([]);
    });
  }

  it('tells a number of no width from the chain alone, without the indexer and without the model’s file', async () => {
    const me = await come({ config: { indexer: undefined, storage: 'http://127.0.0.1:9' } });
    await me.go(`disputes/${batchOf(world().life.convicted)}`);
    await me.page.getByRole('img', { name: /Conv, operator 2 of 18, is at fault/ }).waitFor();
    await me.page.getByText('The model’s file is not to be had').waitFor();
    await me.page.getByText('permits exactly').waitFor();
    await me.page.getByText(/convicts it as the contract did/).waitFor();
    await expectAccessible(me.page);
  });

  it('fits a phone', async () => {
    const me = await come({ phone: true });
    await me.go(`disputes/${lied.batchId}`);
    await me.page.getByRole('img', { name: /Claimed .*; permitted / }).waitFor();
    await expectAccessible(me.page);
    const isWide = await me.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(isWide).to.equal(false);
    await screenshot(me.page, 'dispute-phone');
  });

  it('lists what was convicted, and says what a batch is that was not', async () => {
    const me = await come();
    await me.go('disputes');
    await me.page.getByRole('article').first().waitFor();
    await expectAccessible(me.page);
    await screenshot(me.page, 'disputes-light');
    await me.go(`disputes/${batchOf(world().life.honest[0])}`);
    await me.page.getByText('Nobody has shown a fault so far.').waitFor();
    await me.page.getByText(/open for .* more/).waitFor();
    await expectAccessible(me.page);
  });
});
