import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import { type Assets, assetsFixture, dataset, model, pay, SHARE, sharesOf, trainedIdOf } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Royalties', () => {
  let s: Assets;
  const earned = (asset: bigint) => s.royalties.earned(s.token, asset);
  const refused = (sent: Promise<unknown>, error: string) =>
    expect(sent).to.be.revertedWithCustomError(s.royalties, error);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(assetsFixture);
  });

  it('pay the owner of an asset without shares, whoever that is by now, once', async () => {
    const id = await model(s);
    await expect(pay(s, id, 100n))
      .to.emit(s.royalties, 'Received')
      .withArgs(s.token, id, s.payer, 100n);
    await s.models.connect(s.owner).transferFrom(s.owner, s.ada, id);
    const sent = s.royalties.connect(s.eve).collect(s.token, id);
    await expect(sent).to.changeTokenBalances(ethers, s.token, [s.ada, s.royalties], [100n, -100n]);
    await expect(sent).to.emit(s.royalties, 'Paid').withArgs(s.token, id, s.ada, 100n);
    expect(await s.royalties.paid(s.token, id)).to.equal(100n);
    await refused(s.royalties.collect(s.token, id), 'Royalties_Nothing');
    const data = await dataset(s, [], s.bob);
    await pay(s, data, 7n);
    await expect(s.royalties.collect(s.token, data)).to.changeTokenBalance(ethers, s.token, s.bob, 7n);
  });

  it('reach model, base model and two data sets with one payment, and what is deeper by one call for each', async () => {
    const grandparent = await model(s);
    const [one, two] = [await dataset(s), await dataset(s)];
    const base = await model(s, [{ asset: grandparent, version: 0n, bps: 5_000n }]);
    const id = await model(s, [
      { asset: base, version: 0n, bps: 2_000n },
      { asset: one, version: 1n, bps: 1_000n },
      { asset: two, version: 1n, bps: 500n },
    ]);
    await expect(pay(s, id, 1_000n))
      .to.emit(s.royalties, 'Drawn')
      .withArgs(s.token, id, base, 200n);
    expect(await Promise.all([id, base, one, two, grandparent].map(earned))).to.deep.equal([650n, 100n, 100n, 50n, 0n]);
    expect(await s.royalties.received(s.token, base)).to.equal(200n);
    expect(await s.royalties.undrawn(s.token, base)).to.equal(100n);
    await s.royalties.connect(s.eve).distribute(s.token, base);
    expect(await earned(grandparent)).to.equal(100n);
    expect(await s.royalties.undrawn(s.token, base)).to.equal(0n);
    await refused(s.royalties.distribute(s.token, base), 'Royalties_Nothing');
  });

  it('rounding leaks no unit: a hundred payments of one unit give everyone what one of a hundred does', async () => {
    const [base, data] = [await model(s), await dataset(s)];
    const parents = [
      { asset: base, version: 0n, bps: 3_333n },
      { asset: data, version: 1n, bps: 1n },
    ];
    const [often, once] = [await model(s, parents), await model(s, parents)];
    for (let i = 0; i < 100; i++) await pay(s, often, 1n);
    expect(await Promise.all([often, base, data].map(earned))).to.deep.equal([66n, 33n, 0n]);
    await pay(s, once, 100n);
    expect(await earned(once)).to.equal(66n);
    expect(await earned(base)).to.equal(66n);
    await pay(s, often, 9_900n);
    expect(await Promise.all([often, data].map(earned))).to.deep.equal([6_666n, 1n]);
  });

  it('keep tokens apart', async () => {
    const id = await model(s);
    const other = await ethers.deployContract('Token__Mock');
    await other.mint(s.eve, 5n);
    await other.connect(s.eve).approve(s.royalties, 5n);
    await pay(s, id, 100n);
    await s.royalties.connect(s.eve).deposit(other, id, 5n);
    await expect(s.royalties.collect(other, id)).to.changeTokenBalance(ethers, other, s.owner, 5n);
    expect(await earned(id)).to.equal(100n);
  });

  it('are the shares’ alone where there are shares, and never more than the asset earned', async () => {
    const data = await dataset(s, [[s.ada, SHARE]]);
    const poor = await dataset(s, [[s.ada, SHARE]]);
    await pay(s, data, 100n);
    const shares = await sharesOf(s, data);
    await refused(s.royalties.collect(s.token, data), 'Royalties_HasShares');
    await refused(s.royalties.connect(s.eve).pay(s.token, data, s.eve, 1n), 'Royalties_Caller');
    for (const asset of [data, poor]) {
      const by = await ethers.getImpersonatedSigner(await (await sharesOf(s, asset)).getAddress());
      await networkHelpers.setBalance(by.address, 10n ** 18n);
      const take = (of: bigint, amount: bigint) => s.royalties.connect(by).pay(s.token, of, s.eve, amount);
      await refused(take(asset, asset === data ? 101n : 1n), 'Royalties_TooMuch');
      if (asset === poor) await refused(take(data, 1n), 'Royalties_Caller');
    }
    await shares.claim(s.token, s.ada);
    expect(await s.token.balanceOf(s.ada)).to.equal(100n);
  });

  it('know no asset that nobody registered; what was paid to one waits for who can register it', async () => {
    await refused(s.royalties.assetOf(5n), 'Royalties_NoAsset');
    const run = ethers.id('a run to come');
    await pay(s, trainedIdOf(run), 10n);
    await refused(s.royalties.collect(s.token, trainedIdOf(run)), 'Royalties_NoAsset');
    await s.models.connect(s.training).registerTrained(s.ada, run, run, 0, 0, 0, 0, 0, s.token);
    const shares = await sharesOf(s, trainedIdOf(run));
    await shares.connect(s.training).transfer(s.bob, 1_000_000n * SHARE);
    expect(await shares.claimable(s.token, s.bob)).to.equal(10n);
  });

  it('credit what arrived: a token that keeps a fee endangers only itself', async () => {
    const fee = await ethers.deployContract('FeeToken__Mock', s.payer);
    await fee.connect(s.payer).approve(s.royalties, ethers.MaxUint256);
    const id = await model(s);
    await s.royalties.connect(s.payer).deposit(fee, id, 1_000n);
    expect(await s.royalties.earned(fee, id)).to.equal(990n);
    await s.royalties.collect(fee, id);
    expect(await fee.balanceOf(s.royalties)).to.equal(0n);
  });

  it('a token that calls back in the middle of a payment gets nothing twice', async () => {
    const token = await ethers.deployContract('ReentrantToken__Mock', s.payer);
    await token.connect(s.payer).approve(s.royalties, ethers.MaxUint256);
    const id = await model(s);
    const { royalties } = s;
    await royalties.connect(s.payer).deposit(token, id, 50n);
    const calls = [
      royalties.interface.encodeFunctionData('collect', [await token.getAddress(), id]),
      royalties.interface.encodeFunctionData('deposit', [await token.getAddress(), id, 0]),
      royalties.interface.encodeFunctionData('distribute', [await token.getAddress(), id]),
    ];
    const before = await networkHelpers.takeSnapshot();
    for (const data of calls) {
      for (const sent of [
        () => royalties.collect(token, id),
        () => royalties.connect(s.payer).deposit(token, id, 1n),
      ]) {
        await token.aim(royalties, data);
        await sent();
        expect([await token.tried(), await token.succeeded()]).to.deep.equal([true, false]);
        expect(await token.answer()).to.equal(ethers.id('ReentrancyGuardReentrantCall()').slice(0, 10));
        await before.restore();
      }
    }
  });
});
