import { expect } from 'chai';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('training on the page', () => {
  let me: Visit;
  afterEach(() => me?.close());

  const at = async (path: string, options: VisitOptions = {}) => {
    me = await visit(options);
    await me.go(path);
  };
  const said = (words: string | RegExp) => me.page.getByText(words).first().waitFor();

  it('lists runs by the name in their manifest', async () => {
    await at('training', { theme: 'dark' });
    await me.page.getByRole('link', { name: 'digits' }).first().waitFor();
    await said(/of 2 rounds settled/);
    await expectAccessible(me.page);
    await screenshot(me.page, 'training-dark');
  });

  it('shows a run: its loss, its trainers, its backers and its rounds', async () => {
    await at(`training/${world().life.runId}`);
    await me.page.getByRole('heading', { name: 'digits', exact: true }).waitFor();
    await me.page.locator('.u-over').waitFor();
    await me.page.getByText('The same as a table').click();
    const losses = me.page.getByRole('region', { name: 'Table: Loss by step' });
    const [first] = await losses.getByRole('cell').allInnerTexts();
    expect(Number(first)).to.be.within(1, 4);
    await me.page.getByRole('region', { name: 'Table of trainers' }).getByText('no fault').waitFor();
    await me.page.getByRole('row', { name: /50 %/ }).waitFor();
    await said(/can still be challenged|settled and paid/);
    await expectAccessible(me.page);
    await screenshot(me.page, 'run-light');
  });

  it('shows it on a phone, from the chain alone', async () => {
    await at(`training/${world().life.runId}`, { phone: true, theme: 'dark', config: { indexer: undefined } });
    await me.page.locator('.u-over').waitFor();
    await said(/From the chain alone/);
    expect(await me.page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(390);
    await expectAccessible(me.page);
    await screenshot(me.page, 'run-phone');
  });

  it('says that there is no such run', async () => {
    await at(`training/0x${'12'.repeat(32)}`);
    await said(/There is no run/);
    await expectAccessible(me.page);
  });
});
