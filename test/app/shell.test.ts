import { expect } from 'chai';
import { expectAccessible } from './lib/axe.ts';
import { type Visit, visit } from './lib/visit.ts';

describe('the page', () => {
  let me: Visit;
  afterEach(() => me?.close());

  it('opens without a wallet, says so, and complains of nothing', async () => {
    me = await visit();
    await me.go('settings');
    await me.page.getByText('Connected.').waitFor();
    await me.page.getByRole('button', { name: 'Connect a wallet' }).click();
    await me.page.getByText('This browser has no wallet that says so.').waitFor();
    await expectAccessible(me.page);
    expect(me.complaints).to.deep.equal([]);
  });

  it('shows who is connected, and forgets it when told', async () => {
    me = await visit({ as: 'requester', theme: 'dark' });
    await me.go('settings');
    expect(me.wallet.asked).to.not.include('eth_requestAccounts');
    await me.connect();
    await expectAccessible(me.page);
    await me.page.getByRole('button', { name: 'Disconnect' }).click();
    await me.page.getByRole('button', { name: 'Connect a wallet' }).waitFor();
  });
});
