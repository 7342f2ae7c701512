import { batchIdOf } from '@essaim/sdk';
import { expect } from 'chai';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

const batchOf = (jobId: string) => batchIdOf(world().town.deployment.addresses.JobMarket, jobId);

describe('a dispute as a picture', () => {
  let me: Visit;
  afterEach(() => me?.close());

  for (const theme of ['light', 'dark'] as const) {
    it(`shows the operator, the element and claimed against permitted in ${theme} colours`, async () => {
      me = await visit({ theme });
      await me.go(`disputes/${batchOf(world().life.convicted)}`);
      await me.page.getByRole('heading', { name: 'One wrong number' }).waitFor();
      await me.page.getByRole('img', { name: /Conv, operator 2 of 18, is at fault/ }).waitFor();
      await me.page.getByRole('img', { name: /Claimed .*; permitted / }).waitFor();
      await expectAccessible(me.page);
      await screenshot(me.page, `dispute-${theme}`);
      expect(me.complaints).to.deep.equal([]);
    });
  }

  it('fits a phone', async () => {
    me = await visit({ phone: true });
    await me.go(`disputes/${batchOf(world().life.convicted)}`);
    await me.page.getByRole('img', { name: /Claimed .*; permitted / }).waitFor();
    await expectAccessible(me.page);
    const wide = await me.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).to.equal(false);
    await screenshot(me.page, 'dispute-phone');
  });
});
