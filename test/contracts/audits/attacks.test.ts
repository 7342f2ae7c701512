import { accusationHash, drawAudits, fromHex } from '@essaim/protocol';
import { expect } from 'chai';
import {
  type Audits,
  audited,
  auditFixture,
  auditorOf,
  auditProofOf,
  connection,
  convicted,
  drawn,
  enrolled,
  execution,
  MIEL,
  nextTerm,
  proofOf,
  provisioned,
  quarters,
  recorded,
  submitted,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Attacks on audits', () => {
  let system: Audits;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(auditFixture);
  });

  it('H7: audit copying: who repeats the executor’s trace is convicted of it in its own name', async () => {
    const { referee, claims, accusations, challenger } = system;
    const job = await submitted(system, { wrong: [0] });
    const [audit] = await drawn(system, job);
    const it = await audited(system, job, audit, await auditorOf(system, audit), { own: execution(0, true) });
    const proof = auditProofOf(it);
    const salt = ethers.id('salt');
    await accusations.connect(challenger).accuse(accusationHash(it.batchId, fromHex(proof), challenger.address, salt));
    await referee.connect(challenger).proveFault(it.batchId, proof, salt);
    expect(await claims.state(it.batchId)).to.equal(3n);
    expect((await claims.conviction(it.batchId)).challenger).to.equal(challenger.address);
    // it was the audit that fell, not yet what it audited
    expect(await claims.state(job.batchId)).to.equal(1n);
  });

  it('H7: who passed what the executor is convicted of loses its lock by the same proof, all of it burned', async () => {
    const { pool, claims, penalties, stake, challenger } = system;
    const job = await submitted(system, { wrong: [0] });
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const it = await audited(system, job, audit, auditor);
    await expect(pool.strike(job.terms, it.record)).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
    await convicted(system, job, challenger);
    await pool.show(job.batchId, proofOf(job));
    await pool.connect(challenger).strike(job.terms, it.record);
    expect(await claims.state(it.batchId)).to.equal(3n);
    const before = (await stake.provisionOf(auditor, pool, penalties)).tokens;
    const burned = await stake.toBurn();
    await penalties.collect(it.batchId, '0x');
    expect(before - (await stake.provisionOf(auditor, pool, penalties)).tokens).to.equal(250_000n);
    expect((await stake.toBurn()) - burned).to.equal(250n * MIEL);
  });

  it('H7: who found it is not struck, nor who audited another leaf', async () => {
    const { pool } = system;
    const job = await submitted(system, { count: 2, wrong: [0] });
    const audits = await drawn(system, job);
    const found = await audited(system, job, audits[0], await auditorOf(system, audits[0]), { passed: false });
    const right = await audited(system, job, audits[1], await auditorOf(system, audits[1]));
    await pool.show(job.batchId, proofOf(job));
    await expect(pool.show(job.batchId, proofOf(job))).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
    for (const { record } of [found, right])
      await expect(pool.strike(job.terms, record)).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
  });

  it('passing without looking is found by a planted fault: the lock is burned, and the fees come back at most', async () => {
    const { pool, market, stake, penalties, miel, provider } = system;
    // requester and provider are one, and nobody else convicts it
    await miel.transfer(provider, 1_000n * MIEL);
    await miel.connect(provider).approve(market, ethers.MaxUint256);
    const job = await submitted(system, { count: 2, wrong: [0], requester: provider.address });
    const audits = await drawn(system, job);
    const lazy = await audited(system, job, audits[0], await auditorOf(system, audits[0]));
    const honest = await audited(system, job, audits[1], await auditorOf(system, audits[1]));
    await quarters(9);
    await market.withdraw(job.terms);
    await pool.show(job.batchId, proofOf(job));
    await expect(pool.settle([job.terms], [lazy.record])).to.be.revertedWithCustomError(pool, 'AuditPool_State');
    const before = (await stake.provisionOf(lazy.auditor, pool, penalties)).tokens;
    await pool.strike(job.terms, lazy.record);
    expect(before - (await stake.provisionOf(lazy.auditor, pool, penalties)).tokens).to.equal(250_000n);
    await expect(pool.strike(job.terms, lazy.record)).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
    await pool.settle([job.terms], [honest.record]);
    const owed = await pool.owed(miel, provider);
    await pool.returnPlant(job.terms, lazy.record);
    const back = (await pool.owed(miel, provider)) - owed;
    expect(back).to.be.within(1n, (2n * job.terms.fee * 500n) / 10_000n);
    await expect(pool.returnPlant(job.terms, lazy.record)).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
    await expect(pool.returnPlant(job.terms, honest.record)).to.be.revertedWithCustomError(pool, 'AuditPool_NoFault');
  });

  it('grinding the draw: whoever comes, leaves or moves stake after the value is known moves nothing', async () => {
    const { pool, auditors, stake, penalties, other, founder, miel } = system;
    const job = await submitted(system);
    await drawn(system, job);
    const before = await pool.assignment(job.terms, 0);
    await enrolled(system, other, 1_000_000n * MIEL);
    await pool.connect(auditors[0]).resign();
    await miel.connect(founder).transfer(auditors[1], 500_000n * MIEL);
    await stake.connect(auditors[1]).stake(500_000n * MIEL);
    await stake.connect(auditors[1]).provision(pool, penalties, 500_000n * MIEL);
    await stake.connect(auditors[2]).thawProvision(pool, penalties, 20_000n * MIEL);
    for (const auditor of auditors) await pool.refresh(auditor);
    expect(await pool.assignment(job.terms, 0)).to.deep.equal(before);
    await nextTerm();
    for (const auditor of [...auditors, other]) await pool.refresh(auditor);
    expect(await pool.assignment(job.terms, 0)).to.deep.equal(before);
    // the batches of this term see all of it
    const term = (await pool.termOf(await networkHelpers.time.latest())) - 1n;
    const weights = await Promise.all([0, 1, 2, 3].map(async (seat) => (await pool.weightAt(seat, term))[0]));
    expect(weights).to.deep.equal([0n, 260_000n, 5_000n, 500_000n]);
    await nextTerm();
    await expect(pool.assignment(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Term');
  });

  it('H16: withholding the draw audits everything: any auditor may take any leaf, for what the draws leave over', async () => {
    const { pool, market, auditors, miel, other } = system;
    const job = await submitted(system, { count: 7 });
    await networkHelpers.mine(8_191 + 40);
    const any = await pool.assignment(job.terms, 6);
    expect([any.odds, any.audits, any.leaf, any.auditor]).to.deep.equal([0n, 7n, 6n, ethers.ZeroAddress]);
    expect((await pool.assignment(job.terms, 7)).audits).to.equal(0n);
    await expect(audited(system, job, { index: 6, leaf: 6 }, other)).to.be.revertedWithCustomError(
      pool,
      'AuditPool_Seat',
    );
    const it = await audited(system, job, { index: 6, leaf: 6 }, auditors[1]);
    await expect(audited(system, job, { index: 6, leaf: 6 }, auditors[0])).to.be.revertedWithCustomError(
      system.claims,
      'Claims_Exists',
    );
    await quarters(9);
    await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
    await market.withdraw(job.terms);
    await pool.settle([job.terms], [it.record]);
    // a tenth of the verification fee for seven leaves
    expect(await pool.owed(miel, auditors[1])).to.equal((7n * job.terms.fee * 300n) / 10_000n / 10n / 7n);
  });

  it('an audit beyond those drawn is nobody’s, so nobody has one leaf paid many times over', async () => {
    const { pool, market, auditors, miel } = system;
    const job = await submitted(system);
    await drawn(system, job, false);
    for (const index of [1, 2])
      await expect(audited(system, job, { index, leaf: 0 }, auditors[0])).to.be.revertedWithCustomError(
        pool,
        'AuditPool_NotDrawn',
      );
    await quarters(9);
    await market.withdraw(job.terms);
    expect(await pool.owed(miel, auditors[0])).to.equal(0n);
    expect((await pool.assignment(job.terms, 1)).audits).to.equal(0n);
  });

  it('an executor that opens a pool once its batches were not drawn has no auditor burned for missing them', async () => {
    const { pool, market, stake, penalties, provider } = system;
    const asked = { fee: 20n * MIEL, collateral: 1_000n * MIEL };
    const job = await submitted(system, asked);
    const odds = await pool.odds(job.terms);
    // a value by which it is not drawn, and would be if the pool had been there
    const later = (value: string) => drawAudits(value, job.batchId, 5n * odds, 1, 5);
    await recorded(system, job, odds, (audits, value) => audits.length === 0 && later(value).length > 0);
    await stake.connect(provider).openPool(market, penalties, 1_000);
    expect(await pool.odds(job.terms)).to.equal(odds);
    await quarters(3);
    await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
    // the next batch is drawn by the pool's odds
    const next = await submitted(system, asked);
    expect(await pool.odds(next.terms)).to.be.greaterThan(odds);
  });

  it('slashing during unbonding: an auditor that resigns and thaws all answers for what it passed', async () => {
    const { pool, stake, penalties } = system;
    const job = await submitted(system, { wrong: [0] });
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const it = await audited(system, job, audit, auditor);
    await pool.connect(auditor).resign();
    const { tokens, locked } = await stake.provisionOf(auditor, pool, penalties);
    expect(locked).to.equal(500_000n);
    await stake.connect(auditor).thawProvision(pool, penalties, (tokens - locked) * 10n ** 15n);
    await expect(stake.connect(auditor).thawProvision(pool, penalties, 10n ** 15n)).to.be.revertedWithCustomError(
      stake,
      'StakeManager_Insufficient',
    );
    await expect(pool.close(auditor)).to.be.revertedWithCustomError(pool, 'AuditPool_Term');
    await pool.show(job.batchId, proofOf(job));
    await pool.strike(job.terms, it.record);
    await penalties.collect(it.batchId, '0x');
    expect((await stake.provisionOf(auditor, pool, penalties)).tokens).to.equal(tokens - 250_000n);
  });

  it('an auditor that resigns after it was drawn pays for what it misses', async () => {
    const { pool, stake, penalties } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    await pool.connect(auditor).resign();
    const { tokens, locked } = await stake.provisionOf(auditor, pool, penalties);
    await stake.connect(auditor).thawProvision(pool, penalties, (tokens - locked) * 10n ** 15n);
    await quarters(3);
    await pool.missed(job.terms, 0);
    expect((await stake.provisionOf(auditor, pool, penalties)).tokens).to.equal(tokens - 2_000n);
  });

  it('one who misses until its bond is used up has no seat any more', async () => {
    const { pool, auditors } = system;
    let missed = 0;
    for (let i = 0; i < 80 && missed < 10; i++) {
      const job = await submitted(system, { fee: 40n * MIEL });
      const [audit] = await drawn(system, job);
      const auditor = await auditorOf(system, audit);
      if (auditor !== auditors[2]) continue;
      await networkHelpers.mine(2_701, { interval: 1 });
      await networkHelpers.time.increase(65_000);
      await pool.missed(job.terms, 0);
      missed++;
      if ((await pool.seatAt(2)).left !== 0n) break;
    }
    const { bond, left } = await pool.seatAt(2);
    expect(left).to.not.equal(0n);
    expect(bond < 25_000n).to.equal(true);
  });

  it('a job that nobody can audit burns of its auditors its own fee at most, and one in a worthless token nothing', async () => {
    const { pool, requester, market } = system;
    const token = await ethers.deployContract('Token__Mock');
    await token.mint(requester, 10n ** 30n);
    await token.connect(requester).approve(market, ethers.MaxUint256);
    const worthless = await submitted(system, { token: await token.getAddress(), fee: 10n ** 24n });
    await drawn(system, worthless);
    const cheap = await submitted(system, { fee: MIEL / 1_000n + 1n });
    await drawn(system, cheap);
    const dear = await submitted(system, { fee: 300n * MIEL });
    await drawn(system, dear);
    await quarters(3);
    const burned = async (job: typeof cheap) => {
      const { auditor } = await pool.assignment(job.terms, 0);
      const before = (await pool.seatAt(await pool.seatOf(auditor))).bond;
      await pool.missed(job.terms, 0);
      await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
      return before - (await pool.seatAt(await pool.seatOf(auditor))).bond;
    };
    expect(await burned(worthless)).to.equal(0n);
    // a milli-MIEL and a wei, rounded up; a tenth of a lock
    expect(await burned(cheap)).to.equal(2n);
    expect(await burned(dear)).to.equal(25_000n);
  });

  it('drawing lots: who convicts itself where its auditors were not drawn has paid for the audits all the same', async () => {
    const { pool, market, provider, challenger, auditors } = system;
    const token = await ethers.deployContract('Token__Mock');
    await token.mint(provider, 10n ** 30n);
    await token.connect(provider).approve(market, ethers.MaxUint256);
    const asked = { token: await token.getAddress(), fee: 10n ** 24n, requester: provider.address, wrong: [0] };
    let paidIn = 0n;
    for (const wanted of [false, true]) {
      const job = await submitted(system, asked);
      await drawn(system, job, wanted);
      const before = await market.owed(token, pool);
      await convicted(system, job, challenger);
      await market.refund(job.terms);
      paidIn += (await market.owed(token, pool)) - before;
    }
    expect(paidIn).to.equal((2n * 10n ** 24n * 300n) / 10_000n);
    expect(await token.balanceOf(provider)).to.equal(10n ** 30n - paidIn);
    expect(await Promise.all(auditors.map((auditor) => pool.owed(token, auditor)))).to.deep.equal([0n, 0n, 0n]);
  });

  it('an auditor whose stake is locked in other audits loses nothing for what it could not lock, and no more than that', async () => {
    const { pool, market, other, stake, penalties } = system;
    // a bond and one lock, and so much stake that it is always drawn
    const few = { ...system, auditors: [...system.auditors, other] };
    await enrolled(system, other, 500n * MIEL);
    for (const auditor of system.auditors) await pool.connect(auditor).resign();
    await nextTerm();
    const jobs = [];
    for (let i = 0; i < 3; i++) {
      const job = await submitted(system);
      const [audit] = await drawn(system, job);
      expect((await pool.assignment(job.terms, 0)).auditor).to.equal(other.address);
      if (i === 0) jobs.push({ job, it: await audited(few, job, audit, other) });
      else jobs.push({ job });
    }
    const [done, full, free] = jobs;
    await quarters(3);
    await expect(pool.connect(other).missed(full.job.terms, 0))
      .to.emit(pool, 'Missed')
      .withArgs(full.job.batchId, 0, other.address, 0n);
    await quarters(6);
    await market.withdraw(done.job.terms);
    await pool.settle([done.job.terms], [done.it!.record]);
    const before = (await stake.provisionOf(other, pool, penalties)).tokens;
    await pool.missed(free.job.terms, 0);
    expect(before - (await stake.provisionOf(other, pool, penalties)).tokens).to.equal(2_000n);
  });

  it('a stake that could back no audit besides its bond is not drawn', async () => {
    const { pool, other } = system;
    await enrolled(system, other, 499n * MIEL);
    await nextTerm();
    const term = (await pool.termOf(await networkHelpers.time.latest())) - 1n;
    expect((await pool.weightAt(await pool.seatOf(other), term))[0]).to.equal(0n);
  });

  describe('seat squatting', () => {
    /** Where `AuditPool` keeps how many seats were ever given. */
    const COUNT = ethers.toBeHex(4, 32);
    const taken = async () =>
      networkHelpers.setStorageAt(await system.pool.getAddress(), COUNT, ethers.toBeHex(65_536, 32));

    it('a newcomer twice as heavy has the seat of the lightest, which leaves with its bond', async () => {
      const { pool, other, auditors, stake, penalties, provider } = system;
      await provisioned(system, other, 20_000n * MIEL, system.at.AuditPool);
      const by = pool.connect(other);
      await expect(by.displace(0)).to.be.revertedWithCustomError(pool, 'AuditPool_Vacant');
      await taken();
      await expect(by.enroll()).to.be.revertedWithCustomError(pool, 'AuditPool_Full');
      await expect(by.displace(65_536)).to.be.revertedWithCustomError(pool, 'AuditPool_Vacant');
      await expect(by.displace(1)).to.be.revertedWithCustomError(pool, 'AuditPool_Lighter').withArgs(10_000n, 10_000n);
      await expect(pool.connect(provider).displace(0)).to.be.revertedWithCustomError(pool, 'AuditPool_Lighter');
      await expect(by.displace(0)).to.emit(pool, 'Displaced').withArgs(0, auditors[0].address, other.address, 250_000n);
      await expect(by.displace(0)).to.be.revertedWithCustomError(pool, 'AuditPool_Seat');
      await expect(by.enroll()).to.be.revertedWithCustomError(pool, 'AuditPool_Seat');
      expect((await stake.provisionOf(other, pool, penalties)).locked).to.equal(250_000n);
      await nextTerm();
      const term = (await pool.termOf(await networkHelpers.time.latest())) - 1n;
      expect((await pool.weightAt(0, term))[0]).to.equal(0n);
      await expect(pool.close(auditors[0])).to.be.revertedWithCustomError(pool, 'AuditPool_Term');
      await nextTerm();
      await expect(pool.close(auditors[0])).to.emit(pool, 'Enrolled').withArgs(other.address, 0, 250_000n);
      expect((await stake.provisionOf(auditors[0], pool, penalties)).locked).to.equal(0n);
      expect(await pool.seatOf(other)).to.equal(0n);
      await nextTerm();
      expect((await pool.weightAt(0, term + 2n))[0]).to.equal(10_000n);
    });

    it('who waits for a seat with less is displaced like any other, and has its bond back', async () => {
      const { pool, other, provider, auditors, stake, penalties } = system;
      await taken();
      await provisioned(system, other, 20_000n * MIEL, system.at.AuditPool);
      await provisioned(system, provider, 40_000n * MIEL, system.at.AuditPool);
      await pool.connect(other).displace(0);
      await stake.connect(other).thawProvision(pool, penalties, 19_000n * MIEL);
      await expect(pool.connect(provider).displace(0))
        .to.emit(pool, 'Displaced')
        .withArgs(0, other.address, provider.address, 250_000n);
      expect((await stake.provisionOf(other, pool, penalties)).locked).to.equal(0n);
      await nextTerm();
      await nextTerm();
      await pool.close(auditors[0]);
      expect(await pool.seatOf(provider)).to.equal(0n);
      // it may look for another
      await expect(pool.connect(other).displace(0)).to.be.revertedWithCustomError(pool, 'AuditPool_Lighter');
    });
  });
});
