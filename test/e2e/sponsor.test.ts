import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { LentTab } from './lent-tab.ts';
import { type Daemon, Town } from './town.ts';

const PAY = parseEther('0.5');
const PAGE = 'https://page.example';

describe('a sponsor of tabs', () => {
  let town: Town;
  let essaim: Essaim;
  let alice: Daemon;
  let url: string;
  const tabs: LentTab[] = [];

  const start = async (...more: string[]) => {
    const pay = `${town.deployment.addresses.MielToken}=${PAY}`;
    const own = ['--sponsor', '127.0.0.1:0', '--sponsor-pay', pay, '--sponsor-origin', PAGE, '--sponsor-claims', '0'];
    alice = await town.provider('alice', ...own, ...more);
    url = (await alice.heard('sponsoring')).url as string;
  };
  before(async () => {
    town = await Town.open();
    essaim = await town.connect('alice');
    await start();
  });
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.vanish();
  });
  after(async () => {
    essaim?.close();
    await town?.close();
  });

  const lend = async (role: 'carol' | 'dave' | 'dora', asked = {}) => {
    const tab = await LentTab.open(url, accounts(town.chain)[role], asked);
    tabs.push(tab);
    return tab;
  };
  const post = () => town.post(town.models.mlp, 'alice');
  const code = async (response: Promise<Response>) => (await (await response).json()).code;
  const vouched = async (role: 'carol' | 'dave' | 'dora', cumulative: string, signature: string | null) => {
    const payer = await essaim.signer!.getAddress();
    const account = { payer, payee: accounts(town.chain)[role].address, token: town.deployment.addresses.MielToken };
    await essaim.vouchers.check({ ...account, cumulative: BigInt(cumulative), signature: signature! });
  };

  it('takes a whole trace, submits it in its own name, and pays once for it', async () => {
    const tab = await lend('carol');
    const jobId = await post();
    const { task } = await tab.line('task');
    const body = await tab.run(task);
    const [first, second] = await Promise.all([tab.hand(task.id, body), tab.hand(task.id, body)]);
    const answers = await Promise.all([first.json(), second.json()]);
    const paid = answers.find(({ checked }) => checked);
    expect(answers.find(({ code: refused }) => refused)).to.include({ code: 'LENT_LATE' });
    expect(paid).to.include({ checked: true, cumulative: String(PAY), session: String(PAY) });
    await vouched('carol', paid.cumulative, paid.signature);
    await alice.heard('submitted', jobId);
    const { provider, state } = await essaim.contracts.JobMarket.job(jobId);
    expect([provider, state]).to.deep.equal([await essaim.signer!.getAddress(), 3n]);
  });

  it('gives what a closed tab had to another tab', async () => {
    const gone = await lend('dora');
    const jobId = await post();
    const { task } = await gone.line('task');
    const there = await lend('carol');
    await there.line('alive');
    gone.vanish();
    const again = await there.line('task');
    expect(again.task.id).to.equal(task.id);
    const body = await there.run(again.task);
    expect(await (await there.hand(task.id, body)).json()).to.include({ checked: true });
    await alice.heard('submitted', jobId);
  });

  it('takes nothing from who lies or sends what it did not ask for, and does the job itself', async () => {
    const tab = await lend('dave');
    const jobId = await post();
    const { task } = await tab.line('task');
    expect(await code(tab.hand(task.id, new Uint8Array(task.traceBytes + 97)))).to.equal('BODY_TOO_LARGE');
    const body = await tab.run(task, true);
    expect(await code(tab.hand(task.id, body))).to.equal('LENT_WRONG');
    expect(await tab.line('end')).to.include({ code: 'LENT_WRONG' });
    await alice.heard('submitted', jobId);
    expect(await code(tab.ask('GET', '/work'))).to.equal('SESSION_UNKNOWN');
    expect((await lend('dave')).opened).to.include({ code: 'LENDER_BARRED' });
  });

  it('ends a session as soon as it earned what it may, and takes no more of it', async () => {
    const tab = await lend('dora', { maximum: String(PAY) });
    const jobId = await post();
    const { task } = await tab.line('task');
    const body = await tab.run(task);
    expect(await (await tab.hand(task.id, body)).json()).to.include({ session: String(PAY) });
    expect(await tab.line('end')).to.include({ code: 'LENDING_OVER' });
    await alice.heard('submitted', jobId);
    const again = await tab.ask('POST', '/sessions', JSON.stringify({ ...tab.body, time: Date.now() }));
    // the proof was for another time
    expect(await again.json()).to.include({ code: 'LENDING_REFUSED' });
    expect(await code(tab.ask('POST', '/sessions', JSON.stringify(tab.body)))).to.equal('LENDING_OVER');
  });

  it('speaks to pages that it names and to no other, in words, and not too often', async () => {
    const asked = (origin: string, method = 'GET') => fetch(url, { method, headers: { origin } });
    const allowed = await asked(PAGE, 'OPTIONS');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).to.deep.equal([204, PAGE]);
    const refused = await asked('https://other.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).to.deep.equal([403, null]);
    expect((await refused.json()).code).to.equal('ORIGIN_REFUSED');
    expect(await code(fetch(`${url}/nothing`))).to.equal('NOT_FOUND');
    expect(await code(fetch(`${url}/work`))).to.equal('SESSION_UNKNOWN');
    expect(await code(fetch(`${url}/sessions`, { method: 'POST', body: '{' }))).to.equal('BODY_INVALID');
    expect(await code(fetch(`${url}/sessions`, { method: 'POST', body: 'x'.repeat(5_000) }))).to.equal(
      'BODY_TOO_LARGE',
    );
    const codes = await Promise.all(
      Array.from({ length: 20 }, () => code(fetch(`${url}/sessions`, { method: 'POST' }))),
    );
    expect(codes).to.include('TOO_OFTEN');
  });

  it('owes after a restart what it owed before, and knows whom it barred', async () => {
    await alice.child.stop();
    await start();
    const carol = await lend('carol');
    expect(BigInt(carol.opened.cumulative)).to.be.at.least(PAY);
    await vouched('carol', carol.opened.cumulative, carol.opened.signature);
    expect((await lend('dave')).opened).to.include({ code: 'LENDER_BARRED' });
  });
});
