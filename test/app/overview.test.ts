import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { assertFigure } from '../../scripts/figures.ts';
import { look } from './lib/look.ts';
import { type Visit, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

describe('the overview', () => {
  let me: Visit | undefined;
  afterEach(() => me?.close());

  it('shows the network in numbers and plots, in every look', async function () {
    this.timeout(120_000);
    await look('overview', '', async ({ page }) => {
      await page.getByText('jobs posted').waitFor();
      if (!world().indexed) return;
      await page.locator('.plot').first().scrollIntoViewIfNeeded();
      await page.locator('.plot canvas').first().waitFor();
    });
  });

  it('says what somebody who does not see the plots would miss', async function () {
    if (!world().indexed) this.skip();
    me = await visit();
    await me.go('');
    const plot = me.page.getByRole('figure', { name: /^Jobs in each/ });
    await plot.getByText('The same as a table').click();
    const row = plot.getByRole('row').last();
    await row.waitFor();
    expect(Number(await row.getByRole('cell').first().innerText())).to.be.at.least(1);
  });

  it('is told by the chain alone where no indexer answers, and says so', async () => {
    me = await visit({ config: { indexer: 'http://127.0.0.1:9/gone' } });
    await me.go('');
    await me.page.getByText('What happened hour by hour an indexer tells').waitFor();
    await me.page.getByText(/From the chain alone/).waitFor();
    expect(await me.page.locator('.figures dd').first().innerText()).to.match(/^\d+$/);
  });

  it('says that the chain does not answer, and comes when it does again', async () => {
    me = await visit({ config: { rpc: 'http://127.0.0.1:9' } });
    await me.go('');
    await me.page.getByRole('alert').getByText('CHAIN_UNREACHABLE').waitFor();
    await me.context.unroute('**/config.json');
    await me.page.getByRole('button', { name: 'Try again' }).click();
    await me.page.getByText('jobs posted').waitFor();
  });

  it('is small at first sight', async () => {
    me = await visit();
    const loading: Promise<number>[] = [];
    me.page.on('response', (response) => {
      if (!response.url().startsWith(world().site.origin)) return;
      loading.push(response.body().then((body) => gzipSync(body).length));
    });
    await me.go('');
    await me.page.getByText('jobs posted').waitFor();
    await me.page.waitForLoadState('load');
    if (world().indexed) await me.page.locator('.plot canvas').first().waitFor();
    const bytes = (await Promise.all(loading)).reduce((sum, length) => sum + length, 0);
    assertFigure('size.app.first-screen', {
      value: bytes / 1000,
      unit: 'kB',
      aim: { atMost: 250 },
      command: 'npm run app:figures',
    });
  });
});
