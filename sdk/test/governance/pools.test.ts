import { type Essaim, type PoolView, showMiel } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { backingOf, poolOf } from '../../src/node/governance/tell.ts';
import { advance, failureOf, type World, world } from '../world.ts';

const DAY = 86_400;

describe('backing an operator', () => {
  let w: World;
  let operator: Essaim;
  let backer: Essaim;
  let pool: PoolView;
  before(async () => {
    w = await world();
    operator = await w.connect('rival');
    backer = await w.connect('modeller');
    pool = await operator.pools.open(1_000n);
    await operator.pools.admit(pool.id, w.token);
    pool = await operator.pools.get(pool.id);
  });

  const refusal = async (work: Promise<unknown>) => (await failureOf(work)).code;
  const MIEL = parseEther('1');

  it('shows its own stake, its cut and how much more it takes', async () => {
    expect(pool).to.deep.include({ operator: w.wallets.rival.address, cut: 1_000n, delegated: 0n, tokens: [w.token] });
    const { StakeManager, JobMarket, Penalties } = operator.contracts;
    const provision = await StakeManager.provisionOf(w.wallets.rival.address, JobMarket, Penalties);
    expect(pool.own)
      .to.equal(provision.tokens * 10n ** 15n)
      .and.above(0n);
    expect(pool.room).to.equal(4n * pool.own);
    expect((await backer.pools.of(w.wallets.rival.address)).id).to.equal(pool.id);
  });

  it('is refused where it cannot be', async () => {
    const { id } = pool;
    expect(await refusal(backer.pools.get(99n))).to.equal('POOL_UNKNOWN');
    expect(await refusal(backer.pools.of(w.wallets.poor.address))).to.equal('POOL_UNKNOWN');
    expect(await refusal(backer.pools.back(id, 1n))).to.equal('POOL_AMOUNT');
    expect(await refusal(backer.pools.back(id, 0n))).to.equal('POOL_AMOUNT');
    expect(await refusal(backer.pools.back(id, pool.room + MIEL))).to.equal('POOL_ROOM');
    const poor = await w.connect('poor');
    expect(await refusal(poor.pools.back(id, MIEL))).to.equal('POOL_BALANCE');
    expect(await refusal(backer.pools.leave(id))).to.equal('POOL_SHARES');
    expect(await refusal(backer.pools.announceCut(id, 1n))).to.equal('PoolFees_Caller');
  });

  it('counts as votes of who does it', async () => {
    await backer.pools.back(pool.id, 5_000n * MIEL);
    const { staked, parts } = await backer.governance.power(w.wallets.modeller.address);
    expect(staked).to.equal(5_000n * MIEL);
    expect(parts?.pools.map(({ pool: id, votes }) => [id, votes])).to.deep.equal([[pool.id, 5_000n * MIEL]]);
  });

  it('pays what comes in, less the cut, and shows it as a yield', async () => {
    await advance(w, 10 * DAY);
    await (await operator.contracts.MielToken.transfer(pool.fees, 100n * MIEL)).wait();
    const { claimable } = await backer.pools.backing(pool.id, w.wallets.modeller.address);
    expect(claimable[0].amount / 10n ** 15n).to.be.within(89_999n, 90_000n);
    const paid = await backer.pools.claim(pool.id);
    expect(paid).to.deep.equal(claimable);
    expect(await backer.pools.claim(pool.id)).to.deep.equal([]);
    const [earned] = await backer.pools.yields(pool.id);
    expect(earned.toDelegators / 10n ** 15n).to.be.within(89_999n, 90_000n);
    const year = (earned.toDelegators * 365n * 86_400n) / (5_000n * earned.seconds);
    expect(earned.perMielAndYear).to.equal(year);
  });

  it('is shown in names and units, and ranked nowhere', async () => {
    const shown = poolOf(await backer.pools.get(pool.id), await backer.pools.yields(pool.id), (it) => it);
    expect(shown).to.deep.include({
      ...{ own: showMiel(pool.own), delegated: '5,000 MIEL', locked: '0 MIEL' },
      room: showMiel(pool.room - 5_000n * MIEL),
      ...{ lost: '0.0 % of each share, to slashes', cut: '1,000 bp of what comes in (10 %)', announced: undefined },
    });
    const [held] = await backer.pools.backings(w.wallets.modeller.address);
    expect(backingOf(held)).to.deep.include({ worth: '5,000 MIEL', leaving: undefined, claimable: [] });
  });

  it('is told of another cut a thaw ahead', async () => {
    await operator.pools.announceCut(pool.id, 2_000n);
    const { cut, announced } = await backer.pools.get(pool.id);
    expect([cut, announced?.cut]).to.deep.equal([1_000n, 2_000n]);
  });

  it('ends after the thaw', async () => {
    await backer.pools.leave(pool.id);
    const [{ thawing, worth }] = await backer.pools.backings(w.wallets.modeller.address);
    expect([thawing.worth, worth]).to.deep.equal([5_000n * MIEL, 5_000n * MIEL]);
    expect(await refusal(backer.pools.withdraw(pool.id))).to.equal('StakeManager_Thawing');
    await advance(w, 14 * DAY);
    const before = await backer.contracts.MielToken.balanceOf(w.wallets.modeller.address);
    await backer.pools.withdraw(pool.id);
    const after = await backer.contracts.MielToken.balanceOf(w.wallets.modeller.address);
    expect(after - before).to.equal(5_000n * MIEL);
    expect(await backer.pools.backings(w.wallets.modeller.address)).to.deep.equal([]);
  });
});
