import { expect } from 'chai';
import { assertFigure, recordFigure } from '../../../scripts/figures.ts';
import { type Assets, dataset, model } from '../assets/fixture.ts';
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
});
