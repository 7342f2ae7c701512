import { expect } from 'chai';
import { assertFigure, recordFigure } from '../../../scripts/figures.ts';
import { type Assets, assetsFixture, dataset, model, pay, SHARE, sharesOf } from '../assets/fixture.ts';
import { connection, deployMarket, type Market, passWindow, termsOf } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';

/** A market, and what of it the makers of assets need. */
async function lineageFixture() {
  const system = await deployMarket();
  const [, , , , , , , , , , ada, bob] = await ethers.getSigners();
  const assets = { ...system, owner: system.modelOwner, ada, bob } as unknown as Assets;
  const single = await model(assets);
  const [one, two] = [await dataset(assets, [[ada, 1n]]), await dataset(assets, [[bob, 1n]])];
  const parents = [
    { asset: single, version: 0n, bps: 2_000n },
    { asset: one, version: 1n, bps: 1_000n },
    { asset: two, version: 1n, bps: 500n },
  ];
  const derived = await model(assets, parents);
  const deep = await model(assets, [{ asset: derived, version: 0n, bps: 2_000n }]);
  const deeper = await model(assets, [{ asset: deep, version: 0n, bps: 2_000n }]);
  return { system, assets: { single, one, two, derived, deep, deeper } };
}

/** Gas of one inference's royalty, from the market to whom it belongs. */
async function royalty(system: Market, id: bigint): Promise<number> {
  const { market, models, requester, provider, token } = system;
  const programId = (await models.queryFilter(models.filters.ProgramAdded(id)))[0].args.programId;
  const terms = await termsOf(system, { model: id, programId, royalty: 1_000_000n });
  await market.connect(requester).post(terms);
  await market.connect(provider).accept(terms);
  await market.connect(provider).submit(terms, ethers.id('trace'), ethers.id('receipt'));
  await passWindow();
  await market.connect(provider).withdraw(terms);
  return Number((await (await market.collectRoyalty(token, id)).wait())!.gasUsed);
}

describe('Gas of revenue', () => {
  it('reaches model, base model and two data sets for at most 60,000 more than one owner', async () => {
    const { system, assets } = await networkHelpers.loadFixture(lineageFixture);
    const { royalties, token } = system;
    await royalty(system, assets.single);
    await royalty(system, assets.derived);
    const one = await royalty(system, assets.single);
    const all = () =>
      Promise.all([assets.derived, assets.single, assets.one, assets.two].map((id) => royalties.earned(token, id)));
    const before = await all();
    const lineage = await royalty(system, assets.derived);
    expect((await all()).map((earned, i) => earned - before[i])).to.deep.equal([650_000n, 200_000n, 100_000n, 50_000n]);
    recordFigure('gas.revenue.owner', { value: one, unit: 'gas', aim: null, command: COMMAND });
    assertFigure('gas.revenue.lineage', {
      value: lineage - one,
      unit: 'gas',
      aim: { atMost: 60_000 },
      command: COMMAND,
    });
  });

  it('costs the same at any depth of the lineage', async () => {
    const { system, assets } = await networkHelpers.loadFixture(lineageFixture);
    for (const id of [assets.deep, assets.deeper]) await royalty(system, id);
    const [deep, deeper] = [await royalty(system, assets.deep), await royalty(system, assets.deeper)];
    expect(Math.abs(deeper - deep)).to.be.lessThan(200);
  });

  it('costs a payment, a claim and a move the same with two holders as with 64', async () => {
    const s = await networkHelpers.loadFixture(assetsFixture);
    const many = Array.from({ length: 63 }, (_, i) => [{ address: ethers.toBeHex(i + 1, 20) }, SHARE] as const);
    const measure = async (others: readonly (readonly [{ address: string }, bigint])[]) => {
      const id = await dataset(s, [[s.ada, SHARE], ...others]);
      const shares = await sharesOf(s, id);
      const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
        Number((await (await sent).wait())!.gasUsed);
      await pay(s, id, 64_000n);
      await shares.claim(s.token, s.ada);
      const payment = await gas(pay(s, id, 64_000n));
      return [payment, await gas(shares.claim(s.token, s.ada)), await gas(shares.connect(s.ada).transfer(s.eve, 1n))];
    };
    const [two, sixtyFour] = [await measure(many.slice(0, 1)), await measure(many)];
    for (const [i, gas] of two.entries()) expect(Math.abs(gas - sixtyFour[i])).to.be.lessThan(200);
  });

  it('keeps the move of shares with four revenue tokens below 500,000, all of them just paid', async () => {
    const s = await networkHelpers.loadFixture(assetsFixture);
    const id = await dataset(s, [[s.ada, SHARE]]);
    const shares = await sharesOf(s, id);
    for (let i = 0; i < 4; i++) {
      const token = i === 0 ? s.token : await ethers.deployContract('Token__Mock');
      if (i > 0) await shares.connect(s.owner).admit(token);
      await token.mint(s.payer, 100n);
      await token.connect(s.payer).approve(s.royalties, 100n);
      await s.royalties.connect(s.payer).deposit(token, id, 100n);
    }
    const { gasUsed } = (await (await shares.connect(s.ada).transfer(s.eve, 1n)).wait())!;
    expect(Number(gasUsed)).to.be.lessThan(500_000);
    if (process.env.GAS_DETAIL) console.log({ move: gasUsed });
  });
});
