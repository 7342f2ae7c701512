import { expect } from 'chai';
import { connection } from '../market/fixture.ts';
import { type Assets, assetsFixture, dataset, model, pay, SHARE, sharesOf, trainedIdOf } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Shares', () => {
  let s: Assets;
  let id: bigint;
  let shares: Awaited<ReturnType<typeof sharesOf>>;

  async function sharedModel() {
    const assets = await assetsFixture();
    const made = await model(assets);
    const { models, owner, ada, bob } = assets;
    await models.connect(owner).createShares(made, [ada, bob], [3n * SHARE, SHARE]);
    return { assets, made };
  }

  beforeEach(async () => {
    ({ assets: s, made: id } = await networkHelpers.loadFixture(sharedModel));
    shares = await sharesOf(s, id);
  });

  const claimable = async () => Promise.all([s.ada, s.bob, s.eve].map((who) => shares.claimable(s.token, who)));
  const refused = (sent: Promise<unknown>, error: string) => expect(sent).to.be.revertedWithCustomError(shares, error);

  it('divide an asset’s revenue among their holders, each paid once, by anyone’s call', async () => {
    await pay(s, id, 100n);
    expect(await claimable()).to.deep.equal([75n, 25n, 0n]);
    const sent = shares.connect(s.eve).claim(s.token, s.ada);
    await expect(sent).to.changeTokenBalances(ethers, s.token, [s.ada, s.eve, s.royalties], [75n, 0n, -75n]);
    await expect(sent).to.emit(shares, 'Claimed').withArgs(s.token, s.ada, 75n);
    await refused(shares.claim(s.token, s.ada), 'Shares_Nothing');
    expect(await claimable()).to.deep.equal([0n, 25n, 0n]);
    await shares.claim(s.token, s.bob);
    expect(await s.token.balanceOf(s.royalties)).to.equal(0n);
  });

  it('gain nothing by being moved between payment and claim, claimed for twice, or sent in a circle', async () => {
    await pay(s, id, 100n);
    await shares.connect(s.ada).transfer(s.eve, 3n * SHARE);
    expect(await claimable()).to.deep.equal([75n, 25n, 0n]);
    await shares.claim(s.token, s.ada);
    await shares.connect(s.eve).transfer(s.ada, 3n * SHARE);
    expect(await claimable()).to.deep.equal([0n, 25n, 0n]);
    await shares.connect(s.ada).transfer(s.ada, 3n * SHARE);
    await shares.connect(s.bob).approve(s.eve, SHARE);
    await shares.connect(s.eve).transferFrom(s.bob, s.eve, SHARE);
    expect(await claimable()).to.deep.equal([0n, 25n, 0n]);
    await pay(s, id, 8n);
    expect(await claimable()).to.deep.equal([6n, 25n, 2n]);
  });

  it('carry what rounding leaves: a hundred payments of one unit come to exactly what one of a hundred does', async () => {
    for (let i = 0; i < 100; i++) {
      await pay(s, id, 1n);
      if (i % 7 === 0) await shares.connect(s.bob).transfer(s.ada, 0n);
    }
    expect(await claimable()).to.deep.equal([75n, 25n, 0n]);
    const third = await dataset(s, [
      [s.ada, 1n],
      [s.bob, 1n],
      [s.eve, 1n],
    ]);
    const odd = await sharesOf(s, third);
    const all = async () => Promise.all([s.ada, s.bob, s.eve].map((who) => odd.claimable(s.token, who)));
    await pay(s, third, 1n);
    expect(await all()).to.deep.equal([0n, 0n, 0n]);
    await pay(s, third, 1n);
    await odd.connect(s.ada).transfer(s.bob, 0n);
    await pay(s, third, 2n);
    expect(await all()).to.deep.equal([1n, 1n, 1n]);
  });

  it('are created once, by the model’s owner, of what nobody has collected yet', async () => {
    await expect(s.models.connect(s.owner).createShares(id, [s.ada], [1n])).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_HasShares',
    );
    const other = await model(s);
    await expect(s.models.connect(s.eve).createShares(other, [s.eve], [1n])).to.be.revertedWithCustomError(
      s.models,
      'ModelRegistry_NotOwner',
    );
    await pay(s, other, 10n);
    await s.royalties.collect(s.token, other);
    await pay(s, other, 4n);
    await s.models.connect(s.owner).createShares(other, [s.ada, s.eve], [1n, 3n]);
    const made = await sharesOf(s, other);
    expect([await made.claimable(s.token, s.ada), await made.claimable(s.token, s.eve)]).to.deep.equal([1n, 3n]);
    expect([await made.asset(), await made.issuer()]).to.deep.equal([other, ethers.ZeroAddress]);
  });

  it('have a name and a symbol of their asset, and 18 decimals', async () => {
    const short = ethers.toBeHex(id, 32).slice(0, 10);
    expect(await shares.name()).to.equal(`Essaim shares of ${short}`);
    expect(await shares.symbol()).to.equal(`ES-${short}`);
    expect(await shares.decimals()).to.equal(18n);
  });

  it('are clones of one contract for good: nobody can give them other code', async () => {
    const code = await ethers.provider.getCode(shares);
    const template = (await s.template.getAddress()).slice(2).toLowerCase();
    const asset = ethers.toBeHex(id, 32).slice(2);
    expect(code).to.equal(`0x363d3d373d3d3d363d73${template}5af43d82803e903d91602b57fd5bf3${asset}${'0'.repeat(40)}`);
  });

  describe('Revenue tokens', () => {
    const mint = async () => {
      const token = await ethers.deployContract('Token__Mock');
      await token.mint(s.payer, 1_000n);
      await token.connect(s.payer).approve(s.royalties, 1_000n);
      return token;
    };

    it('are the price’s, by anyone’s call, and others by the owner’s, four in all', async () => {
      const [priced, second, third, fourth] = await Promise.all([1, 2, 3, 4].map(mint));
      await refused(shares.connect(s.eve).admit(priced), 'Shares_Token');
      await s.models.connect(s.owner).setPrice(id, priced, 3);
      await expect(shares.connect(s.eve).admit(priced)).to.emit(shares, 'Admitted').withArgs(priced);
      await refused(shares.connect(s.eve).admit(priced), 'Shares_Admitted');
      await shares.connect(s.owner).admit(second);
      await shares.connect(s.owner).admit(third);
      await refused(shares.connect(s.owner).admit(fourth), 'Shares_Admitted');
      expect((await shares.tokens()).length).to.equal(4);
    });

    it('have what came before they were admitted divided among the holders of that moment', async () => {
      const token = await mint();
      await s.royalties.connect(s.payer).deposit(token, id, 100n);
      expect(await shares.claimable(token, s.ada)).to.equal(0n);
      await refused(shares.claim(token, s.ada), 'Shares_Nothing');
      await shares.connect(s.ada).transfer(s.eve, SHARE);
      await shares.connect(s.owner).admit(token);
      await shares.connect(s.eve).transfer(s.bob, SHARE);
      await shares.claim(token, s.eve);
      expect(await token.balanceOf(s.eve)).to.equal(25n);
      expect([await shares.claimable(token, s.ada), await shares.claimable(token, s.bob)]).to.deep.equal([50n, 25n]);
    });

    it('do not hold each other up: one that lies or is blocked leaves the others claimable', async () => {
      const liar = await ethers.deployContract('FalseToken__Mock', s.payer);
      await liar.connect(s.payer).approve(s.royalties, 1_000n);
      await s.royalties.connect(s.payer).deposit(liar, id, 100n);
      await shares.connect(s.owner).admit(liar);
      await liar.setLies(true);
      await pay(s, id, 4n);
      await expect(shares.claim(liar, s.ada)).to.be.revertedWithCustomError(s.royalties, 'SafeERC20FailedOperation');
      await shares.claim(s.token, s.ada);
      await shares.connect(s.ada).transfer(s.eve, 3n * SHARE);
      await liar.setLies(false);
      await shares.claim(liar, s.ada);
      expect(await liar.balanceOf(s.ada)).to.equal(75n);
    });

    it('that call back in the middle of a claim get nothing twice', async () => {
      const token = await ethers.deployContract('ReentrantToken__Mock', s.payer);
      await token.connect(s.payer).approve(s.royalties, 1_000n);
      await s.royalties.connect(s.payer).deposit(token, id, 100n);
      await shares.connect(s.owner).admit(token);
      const again = shares.interface.encodeFunctionData('claim', [await token.getAddress(), s.ada.address]);
      await token.aim(shares, again);
      await shares.claim(token, s.ada);
      expect([await token.tried(), await token.succeeded()]).to.deep.equal([true, false]);
      expect(await token.balanceOf(s.ada)).to.equal(75n);
    });
  });

  describe('Handed out by an issuer', () => {
    const RUN = ethers.id('run');
    let trained: Awaited<ReturnType<typeof sharesOf>>;
    const hand = (who: typeof s.ada, amount: bigint) => trained.connect(s.training).transfer(who, amount * SHARE);

    beforeEach(async () => {
      await s.models.connect(s.training).registerTrained(s.owner, RUN, RUN, 0, 0, 0, 0, 0, s.token);
      trained = await sharesOf(s, trainedIdOf(RUN));
    });

    it('take along what they earned before, so that nobody gains or loses by when they are claimed', async () => {
      await hand(s.ada, 500_000n);
      await pay(s, trainedIdOf(RUN), 100n);
      await hand(s.bob, 250_000n);
      await pay(s, trainedIdOf(RUN), 100n);
      await hand(s.eve, 250_000n);
      const owed = await Promise.all([s.ada, s.bob, s.eve].map((who) => trained.claimable(s.token, who)));
      expect(owed).to.deep.equal([100n, 50n, 50n]);
      for (const who of [s.ada, s.bob, s.eve]) await trained.claim(s.token, who);
      expect(await s.token.balanceOf(s.royalties)).to.equal(0n);
    });

    it('earn the issuer nothing, and do not come back to it', async () => {
      await pay(s, trainedIdOf(RUN), 100n);
      expect(await trained.claimable(s.token, s.training)).to.equal(0n);
      await refused(trained.claim(s.token, s.training), 'Shares_Issuer');
      await hand(s.ada, 1n);
      await refused(trained.connect(s.ada).transfer(s.training, SHARE), 'Shares_Issuer');
      await expect(hand(s.ada, 1_000_000n)).to.be.revertedWithCustomError(trained, 'ERC20InsufficientBalance');
    });
  });

  it('are made by the royalties alone, and the contract that they are clones of has none', async () => {
    await refused(shares.connect(s.eve).issue([s.eve], [1n], ethers.ZeroAddress), 'Shares_Caller');
    await refused(s.template.connect(s.eve).issue([s.eve], [1n], ethers.ZeroAddress), 'Shares_Caller');
    expect(await s.template.totalSupply()).to.equal(0n);
    const most = 2n ** 112n - 1n;
    await expect(
      dataset(s, [
        [s.ada, most],
        [s.bob, 1n],
      ]),
    ).to.be.revertedWithCustomError(shares, 'Shares_Supply');
    const full = await sharesOf(
      s,
      await dataset(s, [
        [s.ada, most - 1n],
        [s.bob, 1n],
      ]),
    );
    expect(await full.totalSupply()).to.equal(most);
  });

  it('are exact at the edges: the largest supply and the largest revenue', async () => {
    const most = 2n ** 112n - 1n;
    const full = await dataset(s, [
      [s.ada, most - 1n],
      [s.bob, 1n],
    ]);
    await s.token.mint(s.payer, 2n ** 128n);
    await pay(s, full, 2n ** 128n - 1n);
    const made = await sharesOf(s, full);
    await made.connect(s.ada).transfer(s.eve, 1n);
    const owed = await Promise.all([s.ada, s.bob].map((who) => made.claimable(s.token, who)));
    expect(owed[1]).to.equal((2n ** 128n - 1n) / most);
    expect(2n ** 128n - 1n - owed[0] - owed[1] <= 1n).to.equal(true);
    await made.claim(s.token, s.ada);
    await expect(pay(s, full, 1n)).to.be.revertedWithCustomError(s.royalties, 'SafeCastOverflowedUintDowncast');
  });
});
