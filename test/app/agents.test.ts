import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('agents on the page', () => {
  let me: Visit;
  afterEach(() => me?.close());

  const at = async (path: string, options: VisitOptions = {}) => {
    me = await visit(options);
    await me.go(path);
    if (options.as) await me.connect();
  };
  const button = (name: string) => me.page.getByRole('button', { name, exact: true });
  const said = (words: string | RegExp) => me.page.getByText(words).first().waitFor();
  const address = (role: Role) => accounts(world().town.chain)[role].address;

  before(async () => {
    const alice = await world().town.connect('alice');
    const { id, fees } = await alice.pools.open(1_000n);
    const miel = await alice.contracts.MielToken.getAddress();
    await alice.pools.admit(id, miel);
    await (await alice.contracts.MielToken.transfer(fees, parseEther('1'))).wait();
    alice.close();
  });

  it('lists who has something at stake, with what each is known for', async () => {
    await at('agents');
    await me.page
      .getByRole('row', { name: /runs jobs/ })
      .first()
      .waitFor();
    await said('Convicted once');
    await expectAccessible(me.page);
    await screenshot(me.page, 'agents-light');
    await me.page.getByText('Challenging').click();
    await me.page.getByRole('row', { name: /1 challenge won/ }).waitFor();
    await me.page.getByLabel('Find one by its address').fill('0x12');
    await said('This is no address: 0x and 40 hex digits.');
    await me.page.getByLabel('Find one by its address').fill(address('bob'));
    await button('Go there').click();
    await me.page.getByRole('heading', { name: /^Agent 0x/ }).waitFor();
  });

  it('tells a conviction, what was slashed, and what it earned', async () => {
    await at(`agents/${address('bob')}`, { theme: 'dark' });
    await me.page.getByText('Convictions').waitFor();
    await said(/of its stake was taken by slashes/);
    await said('It is linked to no agent: its record stays with the account alone.');
    await expectAccessible(me.page);
    await screenshot(me.page, 'agent-dark');
  });

  it('delegates stake to a pool, checked while one types, and claims what it earns', async () => {
    await at(`agents/${address('alice')}`, { as: 'dora' });
    const field = me.page.getByLabel('Delegate to it, in MIEL');
    await field.fill('1.00001');
    await said('Pools take at most three decimals.');
    await field.fill('50000');
    await said(/This pool takes [\d,]+ MIEL more/);
    await field.fill('100');
    await button('Delegate').click();
    await button('Begin to leave').waitFor();
    await expectAccessible(me.page);
    const alice = await world().town.connect('alice');
    const { id, fees, delegated } = await alice.pools.of(address('alice'));
    expect(delegated).to.equal(parseEther('100'));
    await (await alice.contracts.MielToken.transfer(fees, parseEther('10'))).wait();
    await me.page.reload();
    const { MielToken } = alice.contracts;
    await button('Claim what you earned').waitFor();
    await screenshot(me.page, 'agent-light');
    const before = await MielToken.balanceOf(address('dora'));
    await button('Claim what you earned').click();
    await me.page.waitForFunction(() => !document.body.innerText.includes('Claim what you earned'));
    const paid = (await MielToken.balanceOf(address('dora'))) - before;
    expect(paid).to.be.within(parseEther('8.999'), parseEther('9'));
    expect((await alice.pools.backing(id, address('dora'))).claimable[0].amount).to.equal(0n);
    alice.close();
  });

  it('registers an agent of ERC-8004 and links an account to it', async () => {
    await at(`agents/${address('carol')}`, { as: 'carol', phone: true });
    await me.page.getByRole('heading', { name: 'Your account' }).waitFor();
    await me.page.getByLabel(/^Where its registration file is/).fill('ipfs://bafy-of-carol');
    await button('Register an agent and link this account to it').click();
    await said('ipfs://bafy-of-carol');
    await button('End the link').waitFor();
    await expectAccessible(me.page);
    expect(await me.page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(390);
    await screenshot(me.page, 'agent-phone');
  });

  it('reads an account from the chain alone, and says what that cannot tell', async () => {
    await at(`agents/${address('bob')}`, { config: { indexer: undefined } });
    await said('Only an indexer tells what it was paid.');
    await said(/From the chain alone/);
    await expectAccessible(me.page);
  });

  it('says that an address is none', async () => {
    await at('agents/0x12');
    await said('0x12 is no address.');
    await expectAccessible(me.page);
  });
});
