import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('governance on the page', () => {
  let me: Visit;
  afterEach(() => me?.close());

  const at = async (path: string, options: VisitOptions = {}): Promise<Page> => {
    me = await visit(options);
    await me.go(path);
    if (options.as) await me.connect();
    return me.page;
  };
  const button = (name: string) => me.page.getByRole('button', { name, exact: true });
  const said = (words: string | RegExp) => me.page.getByText(words).first().waitFor();

  it('says that a balance is not a vote, and delegates it', async () => {
    await at('governance', { as: 'dora' });
    await said(/A balance is not a vote: [\d,.]+ MIEL vote for nobody/);
    await button('Delegate to yourself').click();
    await said('It counts in votes that begin from now on.');
    await said('You vote with it.');
    await me.page.getByRole('link', { name: 'A smaller protocol fee' }).waitFor();
    await screenshot(me.page, 'governance-light');
    await expectAccessible(me.page);
  });

  it('shows every proposal with where it stands', async () => {
    await at('governance', { theme: 'dark' });
    await me.page.getByRole('link', { name: 'A smaller protocol fee' }).waitFor();
    await said(/needed for a quorum|Quorum reached/);
    await expectAccessible(me.page);
    await screenshot(me.page, 'governance-dark');
  });

  it('reads a proposal into names and units and tries it out', async () => {
    await at(`governance/${world().life.proposal}`);
    const does = me.page.getByRole('region', { name: 'What it changes', exact: true });
    await does.getByRole('row', { name: /feeRules.protocolFee/ }).waitFor();
    expect(await does.innerText()).to.match(/200 bp of the fee \(2 %\)\s+100 bp of the fee \(1 %\)/);
    await said('All calls would go through.');
    await me.page.getByRole('region', { name: 'What would be other afterwards' }).waitFor();
    await expectAccessible(me.page);
    await screenshot(me.page, 'proposal-light');
  });

  it('says to who had no votes when the vote began why that is', async () => {
    await at(`governance/${world().life.proposal}`, { as: 'verifier', theme: 'dark' });
    await said('This account had no votes when voting began');
    await said(/vote for nobody: delegate to yourself or to another/);
    await expectAccessible(me.page);
    await screenshot(me.page, 'proposal-dark');
  });

  it('takes a vote with a reason by keyboard alone, and says so when the wallet refuses', async () => {
    const page = await at(`governance/${world().life.proposal}`, { as: 'founder' });
    await page.getByRole('radio', { name: 'For', exact: true }).waitFor();
    await page.locator('h1').focus();
    await reach('For', 'radio');
    await page.keyboard.press('Space');
    await reach('Your reason (stands on the chain, for everyone; may be left out)', 'textbox');
    await page.keyboard.type('it is little');
    await reach('Vote', 'button');
    me.wallet.mood = 'refuse';
    await page.keyboard.press('Enter');
    await said('You refused it in the wallet');
    await expectAccessible(page);
    me.wallet.mood = 'agree';
    await page.keyboard.press('Enter');
    await said('This account has voted.');
    await said('it is little');
    await expectAccessible(page);
    await screenshot(page, 'vote-light');
  });

  /** Goes on by the tabulator until something has the focus. */
  async function reach(name: string, role: Parameters<Page['getByRole']>[0]): Promise<void> {
    const target = me.page.getByRole(role, { name, exact: true });
    for (let i = 0; i < 80; i++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await me.page.keyboard.press('Tab');
    }
    throw new Error(`${name} is not reached by keyboard`);
  }

  it('checks a draft while one types it, tries it out, and proposes it', async () => {
    const page = await at('governance/new', { as: 'founder' });
    await page.getByLabel('Title, one line that says what changes').fill('A shorter way out');
    await page.getByLabel('Add something that it changes').selectOption('parameter:auditRules.leaves');
    const value = page.getByLabel(/^New value, in leaves/);
    await value.fill('12');
    await said(/cannot go from 5 leaves to 12 leaves in one change/);
    await expectAccessible(page);
    await value.fill('8');
    await said('Would be 8 leaves.');
    await button('Check it against the chain').click();
    await said('All calls would go through.');
    await screenshot(page, 'propose-light');
    await button('Propose it').click();
    await page.getByRole('heading', { name: 'A shorter way out' }).waitFor();
    await said('Before the vote');
    await expectAccessible(page);
  });

  it('fits a phone', async () => {
    await at(`governance/${world().life.proposal}`, { phone: true });
    await said('All calls would go through.');
    const width = await me.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).to.be.at.most(390);
    await screenshot(me.page, 'proposal-phone');
    await me.go('governance/parameters');
    await me.page.getByRole('row', { name: /auditRules.lock/ }).waitFor();
    await expectAccessible(me.page);
  });
});
