import { expect } from 'chai';
import { parseEther } from 'ethers';
import { expectAccessible } from './lib/axe.ts';
import { look } from './lib/look.ts';
import { screenshot } from './lib/screens.ts';
import { type Visit, visit } from './lib/visit.ts';
import { world } from './lib/world.ts';

/** Turns what follows it, hides, ends lines, and looks like markup. */
const HOSTILE = {
  name: '\u202eevil\u0000 <img src=x onerror=window.hurt=1>\u200b',
  description: `Click [here](javascript:window.hurt=2) https://evil.example ${'very '.repeat(4_000)}long`,
  licence: '<script>window.hurt=3</script>',
};

describe('models', () => {
  let me: Visit | undefined;
  afterEach(async () => {
    await me?.close();
    me = undefined;
  });

  it('are listed, in every look', async function () {
    this.timeout(120_000);
    await look('models', 'models', ({ page }) => page.getByRole('link', { name: 'Digits, 64 at once' }).waitFor());
  });

  it('are shown with what they come from and what came of their jobs, in every look', async function () {
    this.timeout(120_000);
    await look('model', `models/${world().life.derived}`, async ({ page }) => {
      await page.getByRole('link', { name: /which this one comes from, draws 10 %/ }).waitFor();
      await page.getByText('Nobody has bought an inference of it yet.').waitFor();
      await page.getByText('float32[64, 1, 8, 8]').waitFor();
    });
  });

  it('are found by words, by owner and by where they come from', async () => {
    me = await visit({ as: 'modeller' });
    await me.go('models');
    const names = me.page.locator('.model-card h2');
    await names.first().waitFor();
    await me.page.getByLabel('Find by name, owner or number').fill('64 AT once');
    await me.page.getByText('mlp-b1').waitFor({ state: 'detached' });
    expect(await names.allInnerTexts()).to.deep.equal(['Digits, 64 at once']);
    await me.page.getByLabel('Find by name, owner or number').fill('');
    await me.page.getByText('Made from others').click();
    await me.page.getByText('mlp-b1').waitFor({ state: 'detached' });
    await me.page.getByText('Mine', { exact: true }).click();
    await me.page.getByText('owns no model, or none is connected').waitFor();
    await me.connect();
    await me.page.getByText('mlp-b1').waitFor();
  });

  it('cannot do anything by what their owners say of them', async () => {
    const { town } = world();
    const bob = await town.connect('bob');
    const { onnx } = town.models.mlp;
    const token = town.deployment.addresses.MielToken;
    const { id } = await bob.models.publish({ onnx, token, price: 0n, ...HOSTILE });
    bob.close();
    me = await visit();
    await me.go('models');
    const name = 'evil <img src=x onerror=window.hurt=1>';
    await me.page.getByRole('link', { name }).click();
    await me.page.getByRole('heading', { level: 1, name }).waitFor();
    await me.page.getByText('<script>window.hurt=3</script>').waitFor();
    expect(await me.page.evaluate(() => (window as never as { hurt?: number }).hurt)).to.equal(undefined);
    expect(await me.page.locator('a[href*="evil"], a[href^="javascript"], main img').count()).to.equal(0);
    expect((await me.page.locator('.lead').innerText()).length).to.be.at.most(600);
    await expectAccessible(me.page);
    expect(id > 0n).to.equal(true);
  });

  it('that nobody registered are said not to be', async () => {
    me = await visit();
    await me.go('models/12345');
    await me.page.getByText('The registry knows no model of this number').waitFor();
    await me.go('models/no-number');
    await me.page.getByText('is not the number of a model').waitFor();
  });

  describe('tried', () => {
    const model = () => `models/${world().town.models.mlp.id}`;

    /** Draws a seven by the pointer. */
    async function draw({ page }: Visit): Promise<void> {
      const field = page.getByRole('application');
      await field.scrollIntoViewIfNeeded();
      const { x, y, width } = (await field.boundingBox())!;
      const move = (column: number, row: number) => page.mouse.move(x + column * width, y + row * width);
      await move(0.3, 0.15);
      await page.mouse.down();
      await move(0.7, 0.15);
      await move(0.45, 0.9);
      await page.mouse.up();
    }

    it('by drawing: paid with the wallet, answered, and the proof checked here', async function () {
      this.timeout(120_000);
      const dora = await world().town.connect('dora');
      const before = await dora.contracts.MielToken.balanceOf(await dora.signer!.getAddress());
      me = await visit({ as: 'dora' });
      await me.go(model());
      await me.page.getByRole('button', { name: 'Connect a wallet to buy this inference' }).click();
      const buy = me.page.getByRole('button', { name: 'Buy this inference' });
      await me.page.getByText('Draw a digit first').waitFor();
      await draw(me);
      await screenshot(me.page, 'model-draw');
      await buy.click();
      await me.page.getByRole('heading', { name: 'Checked in this browser' }).waitFor({ timeout: 60_000 });
      await me.page.getByText('All 693 numbers of the computation were recomputed').waitFor({ timeout: 30_000 });
      await me.page.getByText('each is the one number that is permitted').waitFor();
      await me.page.getByText('What was not checked').click();
      expect(await me.page.locator('.answer-digit').innerText()).to.match(/\d$/);
      await expectAccessible(me.page);
      await screenshot(me.page, 'model-proof');
      expect(me.wallet.asked.filter((method) => method === 'eth_sendTransaction')).to.have.length(2);
      const after = await dora.contracts.MielToken.balanceOf(await dora.signer!.getAddress());
      expect(before - after).to.equal(parseEther('2'));
      dora.close();

      // the address alone shows it again, to anyone
      const other = await visit();
      await other.page.goto(me.page.url());
      await other.page.getByText('All 693 numbers of the computation were recomputed').waitFor({ timeout: 30_000 });
      await other.close();
    });

    it('by keyboard alone', async () => {
      me = await visit({ as: 'requester' });
      await me.go(model());
      const field = me.page.getByRole('application');
      await field.focus();
      for (const key of ['Space', 'Shift+ArrowDown', 'Shift+ArrowDown', 'ArrowLeft', 'Space'])
        await me.page.keyboard.press(key);
      const dark = () =>
        me!.page
          .locator('.seen rect')
          .evaluateAll((all) => all.filter((it) => it.getAttribute('opacity') !== '0').length);
      expect(await dark()).to.be.at.least(2);
      await me.page.keyboard.press('Tab');
      await me.page.keyboard.press('Enter');
      expect(await dark()).to.equal(0);
      await me.page.keyboard.press('Tab');
      await me.page.keyboard.press('Space');
      expect(await dark()).to.be.at.least(20);
      expect(await me.page.evaluate(() => (document.activeElement as HTMLInputElement).name)).to.equal('sample');
    });

    it('is told when the wallet refuses, is on another network, or never answers', async function () {
      this.timeout(90_000);
      me = await visit({ as: 'requester' });
      await me.go(model());
      await me.connect();
      await me.page.locator('.samples label').nth(4).click();
      const buy = me.page.getByRole('button', { name: 'Buy this inference' });
      me.wallet.mood = 'refuse';
      await buy.click();
      await me.page.getByRole('alert').getByText('WALLET_REJECTED').waitFor();
      await expectAccessible(me.page);
      await me.wallet.changeChain(1, me.page);
      await me.page.getByText('Your wallet is on chain 1; this page is about Test chain (31337).').waitFor();
      await expectAccessible(me.page);
      me.wallet.mood = 'agree';
      await me.page.getByRole('button', { name: 'Switch to Test chain to buy this inference' }).click();
      me.wallet.mood = 'silent';
      await buy.click();
      await me.page.getByText('Your wallet asks you to sign').waitFor();
      await me.page.getByText('The wallet has not answered.').waitFor({ timeout: 40_000 });
      await me.page.getByRole('button', { name: 'Stop waiting' }).click();
      await me.page.getByText('Your wallet asks you to sign').waitFor({ state: 'detached' });
    });

    it('is told by the contract’s own words what it refuses', async () => {
      me = await visit({ as: 'founder' });
      await me.go(model());
      await me.connect();
      await me.page.locator('.samples label').nth(2).click();
      await me.page.getByLabel('What the provider gets, in MIEL').fill('900000000');
      await me.page.getByRole('button', { name: 'Buy this inference' }).click();
      await me.page.getByRole('alert').getByText('WALLET_TOKENS').waitFor();
      await me.page.getByLabel('What the provider gets, in MIEL').fill('-1');
      await me.page.getByText('an amount of MIEL that is not negative').waitFor();
    });
  });
});
