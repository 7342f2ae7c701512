import { expect } from 'chai';
import { connection, type Market, MIEL, passWindow, submitted } from '../market/fixture.ts';
import { backed, emissionsFixture, gains, inMiel, nextDay, paid, RESERVE, recorded } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const load = () => networkHelpers.loadFixture(emissionsFixture);

describe('Emissions', () => {
  describe('the burn', () => {
    it('takes its share of the protocol fee out of the supply, by anybody’s call; the rest is the treasury’s', async () => {
      const s = await load();
      const supply = await s.miel.totalSupply();
      await paid(s);
      expect(await s.market.feesToBurn()).to.equal(10n * MIEL);
      expect(await s.market.owed(s.miel, s.treasury)).to.equal(10n * MIEL);
      expect(await s.market.owed(s.miel, s.auditPool)).to.equal(30n * MIEL);
      await expect(s.market.connect(s.other).burnFees())
        .to.emit(s.market, 'FeesBurned')
        .withArgs(10n * MIEL);
      expect(await s.miel.totalSupply()).to.equal(supply - 10n * MIEL);
      await expect(s.market.burnFees()).to.be.revertedWithCustomError(s.market, 'FeeBurn_Nothing');
    });

    it('takes nothing of a fee in another token: all of it is the treasury’s', async () => {
      const s = await load();
      const terms = await submitted(s as unknown as Market);
      await passWindow();
      await s.market.withdraw(terms);
      expect(await s.market.feesToBurn()).to.equal(0n);
      expect(await s.market.owed(s.mock, s.treasury)).to.equal((terms.fee * 200n) / 10_000n);
    });
  });

  it('pays the operator, and keeps the shares that have no recipient', async () => {
    const s = await load();
    const [id] = await recorded(s, await paid(s));
    expect(await s.emissions.drawOf(id)).to.equal(5n * MIEL);
    expect(await gains(s, [s.provider], () => s.emissions.connect(s.other).claim(id))).to.deep.equal([
      (5n * MIEL * 7_000n) / 10_000n,
    ]);
    expect(await s.reserve.remaining()).to.equal(RESERVE - (5n * MIEL * 7_000n) / 10_000n);
    expect(await s.emissions.promised()).to.equal(0n);
  });

  it('earns nothing for a sealed job: nobody audits it', async () => {
    const s = await load();
    const terms = await paid(s, { isSealed: true, provider: s.provider.address });
    await expect(s.emissions.recordJob(terms)).to.be.revertedWithCustomError(s.emissions, 'Emissions_Sealed');
    // what of its protocol fee burns is burned all the same
    expect(await s.market.feesToBurn()).to.equal(10n * MIEL);
  });

  it('pays a pool as fees do, and its delegators their own share without the cut', async () => {
    const s = await load();
    const pool = await backed(s, 1_000);
    const [id] = await recorded(s, await paid(s));
    await s.market.collect(s.miel, s.treasury);
    for (const who of [s.provider, s.delegator]) await pool.claim(s.miel, who);
    await s.emissions.claim(id);
    const [operator, delegators] = [(5n * MIEL * 7_000n) / 10_000n, (5n * MIEL * 2_000n) / 10_000n];
    expect(await pool.claimable(s.miel, s.provider)).to.be.closeTo(operator / 10n, 10n);
    expect(await pool.claimable(s.miel, s.delegator)).to.be.closeTo((operator * 9n) / 10n + delegators, 10n);
    expect(await s.reserve.remaining()).to.equal(RESERVE - operator - delegators);
  });

  it('keeps the delegators’ share while their pool does not take MIEL', async () => {
    const s = await load();
    await s.stake.connect(s.provider).openPool(s.market, s.penalties, 0);
    await s.stake.connect(s.delegator).delegateTo(1n, 100_000n * MIEL);
    const [id] = await recorded(s, await paid(s));
    await s.emissions.claim(id);
    expect(await s.reserve.remaining()).to.equal(RESERVE - (5n * MIEL * 7_000n) / 10_000n);
  });

  it('pays the data sets of the model’s lineage as they share its revenue, through their shares', async () => {
    const s = await load();
    const [id] = await recorded(s, await paid(s, {}, true));
    await s.emissions.claim(id);
    const share = (5n * MIEL * 1_000n) / 10_000n;
    expect(await s.emissions.promised()).to.equal(share);
    await expect(s.emissions.claimData(id, 0)).to.be.revertedWithCustomError(s.emissions, 'Emissions_Nothing');
    for (const place of [1, 2]) await s.emissions.connect(s.other).claimData(id, place);
    for (const [i, contributor] of [s.ada, s.bob].entries()) {
      const shares = await ethers.getContractAt('Shares', await s.royalties.sharesOf(s.data[i]));
      const amounts = await gains(s, [contributor], () => shares.claim(s.miel, contributor));
      expect(amounts).to.deep.equal([(share * [3n, 1n][i]) / 4n]);
    }
    expect(await s.emissions.promised()).to.equal(0n);
    expect(await s.miel.balanceOf(s.emissions)).to.equal(0n);
  });

  it('scales a day that asks for more than its budget down, for all alike', async () => {
    const s = await load();
    const jobs = [await paid(s, { fee: 15_000_000n * MIEL }), await paid(s, { fee: 45_000_000n * MIEL })];
    const ids = await recorded(s, ...jobs);
    const { day } = await s.emissions.workOf(ids[0]);
    const { asked, budget } = await s.emissions.dayOf(day);
    expect([asked, budget]).to.deep.equal([300_000n * MIEL, 100_000n * MIEL]);
    expect(await s.emissions.promised()).to.equal(100_000n * MIEL);
    expect(await s.emissions.drawOf(ids[0])).to.equal(25_000n * MIEL);
    expect(await s.emissions.drawOf(ids[1])).to.equal(75_000n * MIEL);
    const [first] = await gains(s, [s.provider], () => s.emissions.claim(ids[1]));
    const [second] = await gains(s, [s.provider], () => s.emissions.claim(ids[0]));
    expect([first, second]).to.deep.equal([52_500n * MIEL, 17_500n * MIEL]);
  });

  it('counts a job that was released early once it is final, and of void claims nothing', async () => {
    const s = await load();
    const terms = await submitted(s as unknown as Market, await inMiel(s, { count: 4n }));
    const batchId = await s.market.batchIdOf(await s.market.jobIdOf(terms));
    await s.claims.connect(s.referee).annul(batchId, 1);
    await s.market.connect(s.requester).release(terms);
    await passWindow();
    await s.market.withdraw(terms);
    expect(await s.market.feesToBurn()).to.equal(30n * MIEL);
    const [id] = await recorded(s, terms);
    expect(await s.emissions.drawOf(id)).to.equal(15n * MIEL);
  });

  it('settles work by the rules of its epoch, and a day by the budget of its first record', async () => {
    const s = await load();
    const set = (name: string, value: bigint) =>
      s.parameters.connect(s.treasury).change([ethers.encodeBytes32String(name)], [value]);
    const early = await submitted(s as unknown as Market, await inMiel(s));
    await set('emissionRules.rho', 9_000n);
    const late = await paid(s);
    await s.market.withdraw(early);
    await nextDay();
    await s.emissions.recordJob(early);
    await set('emissionRules.budget', 50_000_000n);
    await s.emissions.recordJob(late);
    expect(await s.emissions.drawOf(await s.market.jobIdOf(early))).to.equal(5n * MIEL);
    const id = await s.market.jobIdOf(late);
    expect(await s.emissions.drawOf(id)).to.equal(9n * MIEL);
    const { day } = await s.emissions.workOf(id);
    expect((await s.emissions.dayOf(day)).budget).to.equal(100_000n * MIEL);
  });

  it('tells what is wrong: unknown work, a day that is open, what was claimed', async () => {
    const s = await load();
    const terms = await paid(s);
    await nextDay();
    const id = await s.market.jobIdOf(terms);
    const { emissions } = s;
    await expect(emissions.claim(id)).to.be.revertedWithCustomError(emissions, 'Emissions_Unknown');
    await emissions.recordJob(terms);
    await expect(emissions.claim(id)).to.be.revertedWithCustomError(emissions, 'Emissions_DayOpen');
    await nextDay();
    await emissions.claim(id);
    await expect(emissions.claim(id)).to.be.revertedWithCustomError(emissions, 'Emissions_Claimed').withArgs(id, 0);
    await expect(emissions.claimData(id, 99)).to.be.revertedWithCustomError(emissions, 'Emissions_Claimed');
  });
});
