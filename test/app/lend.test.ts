import { batchIdOf, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { formatEther, parseEther } from 'ethers';
import type { Page } from 'playwright-core';
import { loadDigits } from '../../models/digits/digits.ts';
import { accounts } from '../../scripts/demo/accounts.ts';
import { type Daemon, STAKE } from '../e2e/town.ts';
import { expectAccessible } from './lib/axe.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';
import { makeLie } from './lying-tab.ts';

const PAY = parseEther('0.5');

describe('the page on which a tab is lent', () => {
  let sponsor: Daemon;
  let url: string;
  let dave: Essaim;
  let me: Visit | undefined;

  before(async function () {
    this.timeout(60_000);
    const { town, site } = world();
    dave = await town.connect('dave');
    await dave.staking.provide(STAKE);
    const founder = await town.connect('founder');
    await (await founder.contracts.MielToken.transfer(accounts(town.chain).dave.address, STAKE)).wait();
    founder.close();
    const pay = `${town.deployment.addresses.MielToken}=${PAY}`;
    const own = [
      '--sponsor',
      '127.0.0.1:0',
      '--sponsor-pay',
      pay,
      '--sponsor-origin',
      site.origin,
      '--sponsor-claims',
      '1',
    ];
    sponsor = await town.provider('dave', ...own);
    url = (await sponsor.heard('sponsoring')).url as string;
  });
  afterEach(async () => {
    await me?.close();
    me = undefined;
  });
  after(async () => {
    dave?.close();
    await sponsor?.child.stop();
  });

  const open = async (options: VisitOptions = {}) => {
    me = await visit({ as: 'dora', ...options, config: { sponsor: url, ...options.config } });
    await me.go('lend');
    return me;
  };
  const start = async (visitor: Visit) => {
    await visitor.page.getByText('Pays for one execution').waitFor();
    await visitor.page.getByRole('button', { name: 'Sign and start' }).click();
    await visitor.page
      .getByText(/Ready\.|A model runs/)
      .first()
      .waitFor();
  };
  const heard = (event: string, count: number, about: object = {}) =>
    until(() => {
      const found = sponsor.lines.filter(
        (line) => line.event === event && Object.entries(about).every(([key, value]) => line[key] === value),
      );
      return found.length >= count ? found : undefined;
    });
  const post = () => world().town.post(world().town.models.mlp, 'dave');
  const figure = async (what: string) => {
    const block = me!.page.locator('dl.figures > div', { hasText: what });
    return (await block.locator('dd').textContent())!.trim();
  };
  const stateOf = async (jobId: string) => Number((await dave.contracts.JobMarket.job(jobId)).state);

  const stakeOfDave = async () => {
    const { tokens } = await dave.staking.provision(accounts(world().town.chain).dave.address);
    return `${Number(formatEther(tokens)).toLocaleString('en')} MIEL`;
  };
  /** What the page says once it knows. */
  const figureIn = async (page: Page, what: string) => {
    const said = page.locator(`dt:text-is("${what}") + dd`);
    await said.filter({ hasText: 'MIEL' }).waitFor();
    return (await said.textContent())!.trim();
  };

  it('says what will be done, by whom it is paid, and what the wallet is asked, before anything is signed', async () => {
    for (const [theme, phone] of [
      ['light', false],
      ['dark', false],
      ['light', true],
    ] as const) {
      const { page, wallet, connect, close } = await open({ theme, phone });
      if (!phone) await connect();
      await page.getByText('Its stake for jobs').waitFor();
      expect(await figureIn(page, 'Its stake for jobs')).to.equal(await stakeOfDave());
      await expectAccessible(page);
      await screenshot(page, phone ? 'lend-phone' : `lend-${theme}`);
      expect(wallet.asked).not.to.include('eth_signTypedData_v4');
      await close();
    }
  });

  it('has the wallet sign once, does three jobs for the sponsor, and is paid for them on chain', async () => {
    const { page, wallet, connect, complaints } = await open();
    await connect();
    await start(me!);
    const jobs = [await post(), await post(), await post()];
    await heard('lent', 3, { what: 'job' });
    for (const jobId of jobs) {
      await sponsor.heard('submitted', jobId);
      expect(await stateOf(jobId)).to.equal(3);
      expect((await dave.contracts.JobMarket.job(jobId)).provider).to.equal(accounts(world().town.chain).dave.address);
    }
    await sponsor.heard('escrowed');
    await until(async () => ((await figure('executions for jobs')) === '3' ? true : undefined));
    const earned = PAY * BigInt(3 + Number(await figure('claims checked')));
    expect(wallet.asked.filter((method) => method === 'eth_signTypedData_v4')).to.have.lengthOf(1);
    expect(await figure('used, as estimated')).to.match(/^[\d.]+ (J|Wh)$/);
    await expectAccessible(page);
    await screenshot(page, 'lend-working-light');

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Nothing runs any more.').waitFor();
    const { MielToken } = dave.contracts;
    const { address } = accounts(world().town.chain).dora;
    const before = await MielToken.balanceOf(address);
    await page.getByRole('button', { name: 'Claim on chain' }).click();
    await page.getByText('came to your account').waitFor();
    expect((await MielToken.balanceOf(address)) - before).to.equal(earned);
    await page.getByText('There is nothing to claim now').waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it('harms nobody by being closed in the middle of a job: the sponsor does it itself', async () => {
    const { page, connect } = await open();
    await connect();
    await start(me!);
    let isHeld: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    // the tab has run the model and never hands it in
    await page.route('**/tasks/*', async (route) => {
      if (route.request().method() === 'POST') isHeld();
      else await route.continue();
    });
    const jobId = await post();
    await held;
    await me!.close();
    me = undefined;
    expect((await heard('took-back', 1))[0]).to.include({ code: 'LENDER_GONE' });
    await sponsor.heard('submitted', jobId);
    const { Claims, JobMarket } = dave.contracts;
    const batchId = batchIdOf(await JobMarket.getAddress(), jobId);
    expect((await Claims.queryFilter(Claims.filters.Rejected(batchId))).length).to.equal(0);
    expect(Number(await Claims.state(batchId))).to.equal(1);
  });

  it('rests while it is not seen or the battery is low, if told so, and goes on after', async () => {
    me = await visit({ as: 'dora', config: { sponsor: url } });
    await me.context.addInitScript(() => {
      const battery = Object.assign(new EventTarget(), { level: 0.9, charging: false });
      const seen = { state: 'visible' };
      Object.defineProperty(document, 'visibilityState', { get: () => seen.state });
      Object.assign(navigator, { getBattery: async () => battery });
      Object.assign(window, { battery, seen });
    });
    await me.go('lend');
    const { page, connect } = me;
    await connect();
    await page.getByLabel('Rest while this tab is not seen').check();
    await start(me);
    const tell = (state: string, level: number) =>
      page.evaluate(
        ([now, charge]) => {
          const { seen, battery } = window as never as { seen: { state: unknown }; battery: EventTarget };
          seen.state = now;
          document.dispatchEvent(new Event('visibilitychange'));
          Object.assign(battery, { level: charge }).dispatchEvent(new Event('levelchange'));
        },
        [state, level] as const,
      );
    await tell('hidden', 0.9);
    await page.getByText('You told it to rest while this tab is not seen.').waitFor();
    // nobody waits for a tab that rests
    await sponsor.heard('submitted', await post());
    await tell('visible', 0.2);
    await page.getByText('You told it to rest while the battery is low.').waitFor();
    await tell('visible', 0.8);
    await page.getByText(/Ready\./).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Nothing runs any more.').waitFor();
  });

  it('says what to do where the wallet refuses, the sponsor is not there, or a limit allows nothing', async () => {
    const { page, wallet, connect } = await open();
    await connect();
    await page.getByText('Pays for one execution').waitFor();
    await page.getByLabel(/^Most to earn/).fill('0.1');
    await page.getByText('The amount is below the pay of one execution').waitFor();
    await page.getByLabel('Hours').fill('1000');
    await page.getByText('Give a time of at most 168 hours.').waitFor();
    await page.getByLabel('Hours').fill('1');
    await page.getByLabel(/^Most to earn/).fill('1');
    wallet.mood = 'refuse';
    await page.getByRole('button', { name: 'Sign and start' }).click();
    await page.getByText('You refused it in the wallet').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Its address').fill('http://127.0.0.1:9');
    await page.getByText('Could not load the sponsor').waitFor();
    await page.getByText('SPONSOR_UNREACHABLE').waitFor();
    await expectAccessible(page);
  });

  it('earns nothing by lying: the sponsor runs it again, submits its own, and takes no more from that account', async () => {
    const { town } = world();
    const { program } = town.models.mlp;
    me = await visit({ as: 'bob', config: { sponsor: url } });
    // the job that `post` posts
    const inputs = [new Uint8Array(Float32Array.from(loadDigits().scans[0]).buffer)];
    await makeLie(me.context, program, inputs);
    await me.go('lend');
    await me.connect();
    await start(me);
    const jobId = await post();
    await me.page.getByText('The sponsor found a wrong result').waitFor();
    await expectAccessible(me.page);
    expect((await heard('barred', 1))[0]).to.include({ code: 'LENT_WRONG' });
    await sponsor.heard('submitted', jobId);
    const bob = accounts(town.chain).bob.address;
    const token = town.deployment.addresses.MielToken;
    const { funded } = await dave.vouchers.escrow({ payer: accounts(town.chain).dave.address, payee: bob, token });
    expect(funded).to.equal(0n);
    await me.page.getByText('No voucher yet').waitFor();
    await me.page.getByRole('button', { name: 'Set new limits' }).click();
    await me.page.getByRole('button', { name: 'Sign and start' }).click();
    await me.page.getByText('The sponsor takes no more from this account').waitFor();
  });
});

/** The first answer that is there, looked for every 50 ms. */
async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
