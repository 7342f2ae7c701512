import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

const DAY = 86_400;

/** What takes weeks; the last of the suite, because time passes for all. */
describe('a decision, and a delegation, to their end', () => {
  let me: Visit;
  let id: bigint;
  afterEach(() => me?.close());

  const at = async (path: string, options: VisitOptions) => {
    me = await visit(options);
    await me.go(path);
    await me.connect();
  };
  const button = (name: string) => me.page.getByRole('button', { name, exact: true });
  const said = (words: string | RegExp) => me.page.getByText(words).first().waitFor();
  const address = (role: Role) => accounts(world().town.chain)[role].address;

  /** Votes, waits and thaws go by the clock alone. */
  async function pass(seconds: number): Promise<void> {
    const { chain } = world().town;
    await chain.send('evm_increaseTime', [seconds]);
    await chain.send('evm_mine', []);
  }

  before(async () => {
    const { town } = world();
    const founder = await town.connect('founder');
    await (await founder.contracts.MielToken.transfer(address('dave'), parseEther('40000000'))).wait();
    const dave = await town.connect('dave');
    await dave.governance.delegate(address('dave'), 'token');
    await founder.governance.delegate(address('founder'), 'token');
    await pass(12);
    const prepared = await founder.governance.prepare({
      title: 'A way out',
      parameters: { 'jobRules.freeExit': 900n },
    });
    await founder.governance.propose(prepared);
    id = prepared.id;
    await pass(DAY + 12);
    for (const essaim of [founder, dave]) essaim.close();
  });

  it('takes a vote that one signed and another sends', async () => {
    await at(`governance/${id}`, { as: 'dave' });
    await me.page.locator('.segments label', { hasText: /^For$/ }).click();
    await button('Sign it for another to send').click();
    const signed = await me.page.getByRole('textbox', { name: /^Your signed vote/ }).inputValue();
    await me.close();
    await at('governance', { as: 'verifier', theme: 'dark' });
    await me.page.getByText('Send what another signed').click();
    await me.page.getByRole('textbox', { name: 'What was signed' }).fill(signed);
    await button('Send it').click();
    await said('Sent, and in the chain');
    await expectAccessible(me.page);
  });

  it('queues what passed, and executes it when it waited', async () => {
    await pass(6 * DAY);
    await at(`governance/${id}`, { as: 'verifier' });
    await button('Queue it').click();
    await said('In the timelock');
    await said('It still waits, so that who disagrees has time to leave.');
    await expectAccessible(me.page);
    await pass(2 * DAY + 12);
    await me.page.reload();
    await said('Ready to execute');
    await button('Execute it').click();
    await me.page.getByRole('heading', { name: 'What came of it' }).waitFor();
    await said(/jobRules.freeExit 900 s \(15 min\) \(was 600 s \(10 min\)\)/);
    await expectAccessible(me.page);
    const reader = await world().town.connect('founder');
    expect((await reader.governance.proposal(id)).state).to.equal('executed');
    reader.close();
  });

  it('gives delegated stake back after its thaw', async () => {
    const { town } = world();
    const bob = await town.connect('bob');
    const pool = await bob.pools.of(address('bob')).catch(() => bob.pools.open(1_000n));
    const dora = await town.connect('dora');
    await dora.pools.back(pool.id, parseEther('40'));
    await at(`agents/${address('bob')}`, { as: 'dora', theme: 'dark' });
    await button('Begin to leave').click();
    await said('It still thaws, so that what it backed can be checked.');
    await expectAccessible(me.page);
    await pass(14 * DAY + 12);
    await me.page.reload();
    const before = await dora.contracts.MielToken.balanceOf(address('dora'));
    await button('Withdraw what has thawed').click();
    await me.page.getByText('Nothing yet.', { exact: true }).waitFor();
    expect(await dora.contracts.MielToken.balanceOf(address('dora'))).to.equal(before + parseEther('40'));
    for (const essaim of [bob, dora]) essaim.close();
  });
});
