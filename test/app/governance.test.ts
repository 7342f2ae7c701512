import { expect } from 'chai';
import { parseEther } from 'ethers';
import type { Page } from 'playwright-core';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

const DAY = 86_400;

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
  const address = (role: Role) => accounts(world().town.chain)[role].address;

  /** Gives MIEL of the founder's, and lets it vote where told. */
  async function give(role: Role, amount: string, votes = false): Promise<void> {
    const founder = await world().town.connect('founder');
    await (await founder.contracts.MielToken.transfer(address(role), parseEther(amount))).wait();
    founder.close();
    if (!votes) return;
    const essaim = await world().town.connect(role);
    await essaim.governance.delegate(address(role), 'token');
    essaim.close();
  }

  /** A proposal of its own, open to votes. */
  async function proposed(title: string): Promise<bigint> {
    const { town } = world();
    const founder = await town.connect('founder');
    const draft = { title, text: 'Because of a test.', parameters: { 'jobRules.freeExit': 900n } };
    const prepared = await founder.governance.prepare(draft);
    await founder.governance.propose(prepared);
    founder.close();
    await town.pass(DAY + 12);
    return prepared.id;
  }

  it('says that a balance is not a vote, and delegates it', async () => {
    await give('dora', '250');
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
    await give('dave', '40000000', true);
    await give('founder', '0', true);
    const id = await proposed('By keyboard');
    const page = await at(`governance/${id}`, { as: 'dave' });
    await page.getByRole('radio', { name: 'For', exact: true }).waitFor();
    const reach = async (name: string, role: Parameters<Page['getByRole']>[0]) => {
      const target = page.getByRole(role, { name, exact: true });
      for (let i = 0; i < 80; i++) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${name} is not reached by keyboard`);
    };
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

    const { town } = world();
    await town.pass(8 * DAY);
    await page.reload();
    await page.locator('h1').waitFor();
    await button('Queue it').click();
    await said('In the timelock');
    await town.pass(2 * DAY + 12);
    await page.reload();
    await button('Execute it').click();
    await said('Carried out');
    await me.page.getByRole('heading', { name: 'What came of it' }).waitFor();
    await said(/jobRules.freeExit 900 s \(15 min\) \(was 600 s \(10 min\)\)/);
    const reader = await town.connect('founder');
    expect((await reader.governance.proposal(id)).state).to.equal('executed');
    reader.close();
  });

  it('signs a vote that another sends', async () => {
    const id = await proposed('By signature');
    await at(`governance/${id}`, { as: 'dave' });
    await me.page.getByText('Abstain', { exact: true }).click();
    await button('Sign it for another to send').click();
    const signed = await me.page.getByRole('textbox', { name: /^Your signed vote/ }).inputValue();
    await me.close();
    await at('governance', { as: 'verifier' });
    await me.page.getByText('Send what another signed').click();
    await me.page.getByRole('textbox', { name: 'What was signed' }).fill(signed);
    await button('Send it').click();
    await said('Sent, and in the chain');
    const reader = await world().town.connect('founder');
    expect((await reader.governance.proposal(id)).votes.abstain > 0n).to.equal(true);
    reader.close();
  });

  it('checks a draft while one types it, tries it out, and proposes it', async () => {
    const page = await at('governance/new', { as: 'dave' });
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
