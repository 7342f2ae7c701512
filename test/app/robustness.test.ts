import { batchIdOf, randomSalt } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther, toQuantity } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { expectAccessible } from './lib/axe.ts';
import { bend, isBusy, isGone, rpcWith, stalls, textWith } from './lib/bend.ts';
import { HOSTILE, publishHostile } from './lib/hostile.ts';
import { type Visit, type VisitOptions, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

const LONG = { timeout: 45_000 };

/** A service of the site as the page is told of it. */
const service = (name: 'rpc' | 'indexer' | 'storage'): string | undefined =>
  (world().site.config as Record<string, string | undefined>)[name];

/** Posts a job that nobody will accept. */
async function postForNobody(): Promise<string> {
  const { town } = world();
  const requester = await town.connect('requester');
  const prepared = await requester.jobs.prepare({
    model: town.models.mlp,
    inputs: new Float32Array(64),
    token: town.deployment.addresses.MielToken,
    fee: parseEther('2'),
    collateral: parseEther('100'),
    provider: accounts(town.chain).founder.address,
  });
  expect(prepared.terms.salt).not.to.equal(randomSalt());
  for (const call of await requester.jobs.populate(prepared))
    await (await requester.signer!.sendTransaction(call)).wait();
  requester.close();
  return prepared.jobId;
}

describe('the page goes on and says so', () => {
  const open: Visit[] = [];
  const come = async (options?: VisitOptions) => {
    const me = await visit(options);
    open.push(me);
    return me;
  };
  afterEach(async () => {
    for (const me of open.splice(0)) await me.close();
  });

  describe('when the indexer', () => {
    before(function () {
      if (!service('indexer')) this.skip();
    });

    it('is gone: the chain alone tells, and what it cannot tell is named', async () => {
      const me = await come();
      const indexer = await bend(me.context, service('indexer')!, isGone);
      await me.go('jobs');
      await me.page.getByRole('article').first().waitFor(LONG);
      await me.page.getByText(/From the chain alone, as of block/).waitFor();
      await me.page.getByText(/read from the chain alone: /).waitFor();
      await expectAccessible(me.page);
      indexer.how = undefined;
      await me.page.getByText(/From the indexer, as of block/).waitFor(LONG);
    });

    it('never answers: the chain is asked instead', async () => {
      const me = await come();
      await bend(me.context, service('indexer')!, stalls);
      await me.go(`jobs/${world().life.honest[0]}`);
      await me.page.getByText(/accepted it, with/).waitFor(LONG);
      await me.page.getByText(/From the chain alone/).waitFor();
    });

    it('is behind: the chain is asked until it caught up', async () => {
      const me = await come();
      const behind = textWith((text) =>
        text.replace(/("number":)(\d+)/, (_, key, number) => `${key}${Math.max(1, number - 400)}`),
      );
      await world().town.chain.send('hardhat_mine', [toQuantity(60)]);
      await bend(me.context, service('indexer')!, behind);
      await me.go('jobs');
      await me.page.getByText(/From the chain alone, as of block/).waitFor(LONG);
      await me.page
        .getByText(/blocks behind the chain/)
        .first()
        .waitFor();
    });

    it('is of another chain, or lies of a job: it is not believed', async () => {
      const me = await come();
      const other = textWith((text) => text.replace(/"hash":"0x[0-9a-f]{64}"/, `"hash":"0x${'77'.repeat(32)}"`));
      const indexer = await bend(me.context, service('indexer')!, other);
      await me.go('jobs');
      await me.page.getByText(/From the chain alone, as of block/).waitFor(LONG);
      indexer.how = textWith((text) => text.replace(/"state":"\w+"/g, '"state":"Paid"'));
      await me.go(`jobs/${world().life.convicted}`);
      await me.page.getByText('The result was convicted.', { exact: false }).first().waitFor(LONG);
      await expectAccessible(me.page);
    });
  });

  describe('when the chain’s endpoint', () => {
    it('stalls or refuses: what was last known stays, and is said to be old', async () => {
      const me = await come();
      const rpc = await bend(me.context, service('rpc')!);
      const jobId = world().life.honest[0];
      await me.go(`jobs/${jobId}`);
      await me.page.getByText(/accepted it, with/).waitFor();
      rpc.how = isBusy;
      await me.page
        .getByText(/This is what was last known/)
        .first()
        .waitFor(LONG);
      await me.page.getByText(/accepted it, with/).waitFor();
      await expectAccessible(me.page);
      rpc.how = undefined;
      await me.page
        .getByText(/This is what was last known/)
        .first()
        .waitFor({ state: 'detached', ...LONG });
    });

    it('never answers from the start: the page says what to do', async () => {
      const me = await come();
      await bend(me.context, service('rpc')!, stalls);
      await me.go('jobs');
      await me.page.getByRole('alert').first().waitFor(LONG);
      await me.page.getByText('CHAIN_UNREACHABLE').first().waitFor();
      await me.page.getByText('What to do:').first().waitFor();
      await expectAccessible(me.page);
    });

    it('lies about the head: what is shown stays as it was, and is said to be old', async () => {
      const me = await come();
      const rpc = await bend(me.context, service('rpc')!);
      await me.go('jobs');
      await me.page.getByRole('article').first().waitFor();
      rpc.how = rpcWith(
        (call) => call,
        ({ method, params }, result) => {
          if (method === 'eth_blockNumber') return toQuantity(Number(result) + 1_000_000);
          if (method !== 'eth_getBlockByNumber' || params[0] !== 'latest') return result;
          const block = result as { number: string };
          return { ...block, number: toQuantity(Number(block.number) + 1_000_000), hash: `0x${'99'.repeat(32)}` };
        },
      );
      await me.page.getByText('This is what was last known', { exact: false }).first().waitFor(LONG);
      await me.page.getByRole('article').first().waitFor();
      await expectAccessible(me.page);
      rpc.how = undefined;
      await me.page.getByText(/as of block \d{1,5}[.,]/).waitFor(LONG);
    });
  });

  describe('when storage', () => {
    it('serves other bytes than were committed to: they are not shown', async () => {
      const me = await come();
      const spoil = async (route: Parameters<typeof stalls>[0]) => {
        const response = await route.fetch();
        const body = Buffer.from(await response.body());
        for (let i = body.length >> 1; i < body.length; i += 16) body[i] ^= 1;
        await route.fulfill({ response, body });
      };
      await bend(me.context, service('storage')!, spoil);
      await me.go(`jobs/${world().life.honest[0]}`);
      await me.page.getByRole('button', { name: 'Fetch and check it' }).click();
      await me.page.getByRole('alert').first().waitFor(LONG);
      await me.page
        .getByText(/STORAGE_BYTES_MISMATCH|STORAGE_NOT_A_FILE|MANIFEST_INVALID/)
        .first()
        .waitFor();
      expect(await me.page.getByText('The greatest is number').count()).to.equal(0);
      await expectAccessible(me.page);
    });

    it('is gone: a dispute is told all the same', async () => {
      const me = await come();
      await bend(me.context, service('storage')!, isGone);
      const { town, life } = world();
      await me.go(`disputes/${batchIdOf(town.deployment.addresses.JobMarket, life.convicted)}`);
      await me.page.getByRole('img', { name: /Claimed .*; permitted / }).waitFor();
      await me.page.getByText('The model’s file is not to be had').waitFor();
    });
  });

  describe('when the wallet', () => {
    let jobId: string;
    before(async () => {
      jobId = await postForNobody();
    });
    const takeBack = (me: Visit) => me.page.getByRole('button', { name: 'Take the job back' });

    it('refuses, or never answers', async () => {
      const me = await come({ as: 'requester' });
      await me.go(`jobs/${jobId}`);
      await me.connect();
      me.wallet.mood = 'refuse';
      await takeBack(me).click();
      await me.page.getByText('You refused it in the wallet').waitFor();
      await expectAccessible(me.page);
      me.wallet.mood = 'silent';
      await takeBack(me).click();
      await me.page.getByText('Your wallet asks you to sign').waitFor();
      await me.page.getByRole('button', { name: 'Stop waiting' }).click(LONG);
      await takeBack(me).waitFor();
    });

    it('changes its account or its network in the middle', async () => {
      const { town } = world();
      const me = await come({ as: 'requester' });
      await me.go(`jobs/${jobId}`);
      await me.connect();
      await takeBack(me).waitFor();
      await me.wallet.changeAccount(accounts(town.chain).dora.privateKey, me.page);
      await takeBack(me).waitFor({ state: 'detached' });
      await me.wallet.changeAccount(accounts(town.chain).requester.privateKey, me.page);
      await takeBack(me).waitFor();
      await me.wallet.changeChain(1, me.page);
      await me.page
        .getByText(/another network|Switch/)
        .first()
        .waitFor();
      await expectAccessible(me.page);
      await me.wallet.changeChain(31_337, me.page);
      await takeBack(me).waitFor();
    });

    it('is open in two tabs: what one sends appears in the other', async () => {
      const me = await come({ as: 'requester' });
      await me.go(`jobs/${jobId}`);
      const other = await me.context.newPage();
      await other.goto(me.page.url());
      await other.getByText('It waits for a provider to accept it.').waitFor();
      await me.connect();
      await takeBack(me).click();
      for (const page of [me.page, other]) await page.getByText('The requester took it back.').waitFor();
    });
  });

  it('when a manifest is hostile: its words do nothing, its link is none, its ten gigabytes are not fetched', async () => {
    const model = await publishHostile(world().town);
    const me = await come();
    let fetched = 0;
    me.page.on('response', (response) => {
      const isStorage = service('storage')!.startsWith(new URL(response.url()).origin);
      if (isStorage) fetched += Number(response.headers()['content-length'] ?? 0);
    });
    for (const path of [`models/${model}`, 'models']) {
      await me.go(path);
      await me.page.getByText('<img src=x onerror=', { exact: false }).first().waitFor();
      expect(await me.page.evaluate(() => 'hit' in window)).to.equal(false);
      expect(await me.page.locator('a[href*="evil"], a[href^="javascript:"], main img').count()).to.equal(0);
      const shown = await me.page.locator('main').innerText();
      expect(shown).not.to.match(/[\u202e\u200b]/);
      expect(shown.length).to.be.below(HOSTILE.description.length / 20);
      await expectAccessible(me.page);
    }
    await me.go(`models/${model}`);
    await me.page.getByText('STORAGE_TOO_LARGE').waitFor(LONG);
    expect(fetched).to.be.below(3_000_000);
  });

  it('when the chain takes back what was shown: the row disappears, with words', async () => {
    const { town } = world();
    const me = await come();
    const rpc = await bend(me.context, service('rpc')!);
    // on this chain every block is final at once: here it says so of none of the newest
    const young = rpcWith((call) =>
      call.params[0] === 'finalized' ? { ...call, params: [toQuantity(1), ...call.params.slice(1)] } : call,
    );
    rpc.how = young;
    await me.go('jobs');
    await me.page.getByRole('article').first().waitFor();
    const before = await town.chain.send('evm_snapshot', []);
    const jobId = await postForNobody();
    const row = me.page.locator('article', { has: me.page.locator(`code[title="${jobId}"]`) });
    await row.getByText('provisional').waitFor(LONG);
    const single = await me.context.newPage();
    await single.goto(`${world().site.origin}/#/jobs/${jobId}`);
    await single.getByText('provisional').first().waitFor();
    await town.chain.send('evm_revert', [before]);
    await town.chain.send('hardhat_mine', [toQuantity(4)]);
    await row.waitFor({ state: 'detached', ...LONG });
    await me.page.getByText('The chain took back what was shown here before.').waitFor(LONG);
    await single.getByText('There is no job of this id in the chain.').waitFor(LONG);
    await expectAccessible(single);
  });
});
