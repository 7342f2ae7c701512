import { expect } from 'chai';
import { accepted, connection, type Market, MIEL, passWindow, rejected, submitted } from '../market/fixture.ts';
import { backed, emissionsFixture, gains, inMiel, nextDay, paid, recorded } from './fixture.ts';

const { networkHelpers } = connection;
const load = () => networkHelpers.loadFixture(emissionsFixture);

describe('Attacks on emissions', () => {
  it('farming with a worthless token draws nothing', async () => {
    const s = await load();
    const terms = await submitted(s as unknown as Market);
    await passWindow();
    await s.market.withdraw(terms);
    await expect(s.emissions.recordJob(terms))
      .to.be.revertedWithCustomError(s.emissions, 'Emissions_Token')
      .withArgs(await s.mock.getAddress());
  });

  it('farming with a model of one’s own draws for the fee alone: royalties burn nothing', async () => {
    const s = await load();
    const [id] = await recorded(s, await paid(s, { fee: 100n * MIEL, royalty: 1_000_000n * MIEL }));
    expect(await s.emissions.drawOf(id)).to.equal(MIEL / 2n);
  });

  it('splitting one job into many loses by rounding, and gains nothing', async () => {
    const s = await load();
    const whole = await paid(s, { fee: 999_999n });
    const parts: (typeof whole)[] = [];
    for (let i = 0; i < 3; i++) parts.push(await paid(s, { fee: 333_333n }));
    const [id, ...ids] = await recorded(s, whole, ...parts);
    const draws = await Promise.all(ids.map((it) => s.emissions.drawOf(it)));
    expect(await s.emissions.drawOf(id)).to.equal(4_999n);
    expect(draws).to.deep.equal([1_666n, 1_666n, 1_666n]);
    const dust = await paid(s, { fee: 99n });
    await expect(s.emissions.recordJob(dust)).to.be.revertedWithCustomError(s.emissions, 'Emissions_Nothing');
  });

  it('a job is recorded once, on its day and on every other', async () => {
    const s = await load();
    const terms = await paid(s);
    const [id] = await recorded(s, terms);
    const refused = () =>
      expect(s.emissions.recordJob(terms))
        .to.be.revertedWithCustomError(s.emissions, 'Emissions_Recorded')
        .withArgs(id);
    await refused();
    await s.emissions.claim(id);
    await nextDay();
    await refused();
  });

  it('a job that is not final, was rejected, or was released and then rejected is not recorded', async () => {
    const s = await load();
    const notPaid = (terms: Parameters<typeof s.emissions.recordJob>[0]) =>
      expect(s.emissions.recordJob(terms)).to.be.revertedWithCustomError(s.emissions, 'Emissions_NotPaid');
    const open = await submitted(s as unknown as Market, await inMiel(s));
    await notPaid(open);
    const wrong = await submitted(s as unknown as Market, await inMiel(s));
    const early = await submitted(s as unknown as Market, await inMiel(s));
    await s.market.connect(s.requester).release(early);
    await notPaid(early);
    for (const terms of [wrong, early]) await rejected(s as unknown as Market, terms);
    await s.market.refund(wrong);
    await passWindow();
    await s.market.withdraw(open);
    await expect(s.market.withdraw(early)).to.be.revertedWithCustomError(s.market, 'JobMarket_Rejected');
    for (const terms of [wrong, early]) await notPaid(terms);
    await s.emissions.recordJob(open);
  });

  it('late locks and slashes draw nothing', async () => {
    const s = await load();
    const terms = await inMiel(s);
    const late = await accepted(s as unknown as Market, terms);
    await networkHelpers.time.increaseTo(late.deadline + 1n);
    await s.market.refund(late);
    await expect(s.emissions.recordJob(late)).to.be.revertedWithCustomError(s.emissions, 'Emissions_NotPaid');
    expect(await s.market.feesToBurn()).to.equal(0n);
  });

  it('claiming in another’s name pays that other, its pool where it has one', async () => {
    const s = await load();
    const [first] = await recorded(s, await paid(s));
    expect(await gains(s, [s.other, s.provider], () => s.emissions.connect(s.other).claim(first))).to.deep.equal([
      0n,
      (5n * MIEL * 7_000n) / 10_000n,
    ]);
    const [second] = await recorded(s, await paid(s));
    const pool = await backed(s);
    const amounts = await gains(s, [s.other, s.provider, pool], () => s.emissions.connect(s.other).claim(second));
    expect(amounts).to.deep.equal([0n, 0n, (5n * MIEL * 9_000n) / 10_000n]);
  });

  it('nobody but the emissions contract draws on the reserve', async () => {
    const s = await load();
    await expect(s.reserve.connect(s.provider).emitTo(s.provider, 1n)).to.be.revertedWithCustomError(
      s.reserve,
      'EmissionReserve_Caller',
    );
  });

  it('delegating just before a claim, many times over, makes the claim no larger, and binds for the thaw', async () => {
    const s = await load();
    await backed(s);
    const [id] = await recorded(s, await paid(s));
    await s.stake.connect(s.delegator).delegateTo(1n, 300_000n * MIEL);
    const before = await s.reserve.remaining();
    await s.emissions.claim(id);
    expect(before - (await s.reserve.remaining())).to.equal((5n * MIEL * 9_000n) / 10_000n);
    const { shares } = await s.stake.backing(1n, s.delegator);
    await s.stake.connect(s.delegator).undelegate(1n, shares);
    await expect(s.stake.connect(s.delegator).withdrawDelegated(1n)).to.be.revertedWithCustomError(
      s.stake,
      'StakeManager_Thawing',
    );
  });

  it('a pool that everybody left takes no reward: the delegators’ share stays in the reserve', async () => {
    const s = await load();
    const pool = await backed(s);
    const [id] = await recorded(s, await paid(s));
    const { shares } = await s.stake.backing(1n, s.delegator);
    await s.stake.connect(s.delegator).undelegate(1n, shares);
    await expect(pool.reward(s.miel, 1n)).to.be.revertedWithCustomError(pool, 'PoolFees_NoShares');
    const before = await s.reserve.remaining();
    await s.emissions.claim(id);
    expect(before - (await s.reserve.remaining())).to.equal((5n * MIEL * 7_000n) / 10_000n);
  });
});
