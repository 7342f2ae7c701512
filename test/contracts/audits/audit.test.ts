import { auditOdds, auditPay, NO_INNER_VALUES, ownPart } from '@essaim/protocol';
import { expect } from 'chai';
import {
  type Audits,
  audited,
  auditFixture,
  auditorOf,
  connection,
  convicted,
  drawn,
  execution,
  FEE,
  MIEL,
  quarters,
  recorded,
  rulesOf,
  submitted,
} from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('AuditPool: an audit', () => {
  let system: Audits;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(auditFixture);
  });

  it('is drawn, submitted by its auditor alone, and paid of the batch’s own fee once both are final', async () => {
    const { pool, market, claims, stake, penalties, miel, auditors } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const assignment = await pool.assignment(job.terms, 0);
    expect([assignment.auditor, assignment.leaf, assignment.audits]).to.deep.equal([auditor.address, 0n, 1n]);
    const stranger = auditors.find((other) => other !== auditor)!;
    await expect(audited(system, job, audit, stranger)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
    const it = await audited(system, job, audit, auditor);
    expect((await claims.batch(it.batchId)).root).to.equal(it.place.batch.root);
    await expect(audited(system, job, audit, auditor)).to.be.revertedWithCustomError(claims, 'Claims_Exists');

    await expect(pool.settle([job.terms], [it.record])).to.be.revertedWithCustomError(pool, 'AuditPool_State');
    await quarters(9);
    await expect(pool.settle([job.terms], [it.record])).to.be.revertedWithCustomError(pool, 'AuditPool_Unpaid');
    await market.withdraw(job.terms);
    await pool.settle([job.terms], [it.record]);
    expect((await stake.provisionOf(auditor, pool, penalties)).locked).to.equal(250_000n);
    const pay = auditPay(await rulesOf(system), (FEE * 300n) / 10_000n, await pool.odds(job.terms), 1n);
    expect(await pool.owed(miel, auditor)).to.equal(pay);
    await expect(pool.settle([job.terms], [it.record])).to.be.revertedWithCustomError(pool, 'AuditPool_Done');

    // no more than came in is paid out; the rest stays owed
    const fee = (FEE * 300n) / 10_000n;
    await expect(pool.collect(miel, auditor)).to.changeTokenBalance(ethers, miel, auditor, fee);
    expect(await pool.owed(miel, auditor)).to.equal(pay - fee);
    await expect(pool.collect(miel, auditor)).to.be.revertedWithCustomError(pool, 'AuditPool_Nothing');
  });

  it('needs a batch that is drawn, and a value that is recorded', async () => {
    const { pool, auditors } = system;
    const pending = await submitted(system);
    await expect(pool.assignment(pending.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Pending');
    await drawn(system, pending, false);
    expect((await pool.assignment(pending.terms, 0)).auditor).to.equal(ethers.ZeroAddress);
    for (const auditor of auditors)
      await expect(audited(system, pending, { index: 0, leaf: 0 }, auditor)).to.be.revertedWithCustomError(
        pool,
        'AuditPool_NotDrawn',
      );
  });

  it('C7: is of no sealed batch, whatever the value says, nor where the draw expired', async () => {
    const { pool, auditors, provider, market, miel } = system;
    const seal = { isSealed: true, provider: provider.address };
    const job = await submitted(system, seal);
    expect(await pool.odds(job.terms)).to.equal(0n);
    await recorded(system, job, 10_000n, (audits) => audits.length > 0);
    const late = await submitted(system, { ...seal, count: 2 });
    const nobodys = async ({ terms, batchId }: typeof job) => {
      const { audits, odds, auditor } = await pool.assignment(terms, 0);
      expect([audits, odds, auditor]).to.deep.equal([0n, 0n, ethers.ZeroAddress]);
      for (const by of auditors)
        await expect(audited(system, { ...job, terms, batchId }, { index: 0, leaf: 0 }, by))
          .to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn')
          .withArgs(batchId, 0, ethers.ZeroAddress);
    };
    await nobodys(job);
    await networkHelpers.mine(8_191 + 40);
    await nobodys(late);
    await quarters(4);
    for (const { terms } of [job, late]) {
      await expect(pool.missed(terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
      await market.withdraw(terms);
    }
    expect(await market.owed(miel, pool)).to.equal(0n);
  });

  it('of a batch of many is one of its drawn leaves, on that leaf’s own input', async () => {
    const { pool, claims } = system;
    const job = await submitted(system, { count: 12 });
    const audits = await drawn(system, job);
    expect(audits).to.have.length(5);
    for (const audit of audits) {
      const auditor = await auditorOf(system, audit);
      const other = { own: execution((audit.leaf + 1) % 12) };
      await expect(audited(system, job, audit, auditor, other)).to.be.revertedWithCustomError(pool, 'AuditPool_Input');
      const { record, batchId } = await audited(system, job, audit, auditor);
      expect(record.leaf).to.equal(audit.leaf);
      expect((await claims.batch(batchId)).executor).to.equal(auditor.address);
    }
  });

  it('comes in the first three quarters of the window; one that does not burns the leaf’s fee of the bond', async () => {
    const { pool, stake, penalties } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Clock');
    await quarters(3);
    await expect(audited(system, job, audit, auditor)).to.be.revertedWithCustomError(pool, 'AuditPool_Clock');
    const before = (await stake.provisionOf(auditor, pool, penalties)).tokens;
    await expect(pool.missed(job.terms, 0)).to.emit(pool, 'Missed').withArgs(job.batchId, 0, auditor.address, 2_000n);
    const { tokens, locked } = await stake.provisionOf(auditor, pool, penalties);
    expect([before - tokens, locked]).to.deep.equal([2_000n, 248_000n]);
    await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
  });

  it('that came, or that nobody was drawn for, is not missed; nor one of a batch that was rejected', async () => {
    const { pool, provider } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    await audited(system, job, audit, await auditorOf(system, audit));
    const free = await submitted(system);
    await drawn(system, free, false);
    const rejected = await submitted(system, { wrong: [0] });
    await drawn(system, rejected);
    await convicted(system, rejected, provider);
    await quarters(4);
    await expect(pool.missed(job.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
    await expect(pool.missed(free.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
    await expect(pool.missed(rejected.terms, 0)).to.be.revertedWithCustomError(pool, 'AuditPool_State');
  });

  it('that failed what was convicted is paid of the fee that the refund keeps back', async () => {
    const { pool, market, stake, penalties, miel, challenger, requester } = system;
    const job = await submitted(system, { wrong: [0] });
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const it = await audited(system, job, audit, auditor, { passed: false });
    await convicted(system, job, challenger);
    await quarters(9);
    await expect(pool.settle([job.terms], [it.record])).to.be.revertedWithCustomError(pool, 'AuditPool_Unpaid');
    const fee = (FEE * 300n) / 10_000n;
    await expect(market.refund(job.terms)).to.changeTokenBalance(ethers, miel, requester, FEE - fee);
    expect(await market.owed(miel, pool)).to.equal(fee);
    await pool.settle([job.terms], [it.record]);
    expect(await pool.owed(miel, auditor)).to.equal(
      auditPay(await rulesOf(system), fee, await pool.odds(job.terms), 1n),
    );
    expect((await stake.provisionOf(auditor, pool, penalties)).locked).to.equal(250_000n);
  });

  it('that passed the leaf for which its batch was rejected is not paid; one of another leaf is', async () => {
    const { pool, market, miel, challenger } = system;
    const job = await submitted(system, { count: 2, wrong: [0] });
    const audits = await drawn(system, job);
    const lazy = await audited(system, job, audits[0], await auditorOf(system, audits[0]));
    const right = await audited(system, job, audits[1], await auditorOf(system, audits[1]));
    await convicted(system, job, challenger);
    await quarters(9);
    await market.refund(job.terms);
    await expect(pool.settle([job.terms], [lazy.record]))
      .to.emit(pool, 'Settled')
      .withArgs(lazy.batchId, lazy.auditor, miel, 0n);
    const pay = auditPay(await rulesOf(system), (2n * FEE * 300n) / 10_000n, await pool.odds(job.terms), 2n);
    await expect(pool.settle([job.terms], [right.record]))
      .to.emit(pool, 'Settled')
      .withArgs(right.batchId, right.auditor, miel, pay);
  });

  it('that raised a false alarm earns nothing and loses nothing', async () => {
    const { pool, market, stake, penalties, miel } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const it = await audited(system, job, audit, auditor, { passed: false });
    await quarters(9);
    await market.withdraw(job.terms);
    const before = (await stake.provisionOf(auditor, pool, penalties)).tokens;
    await pool.settle([job.terms], [it.record]);
    expect(await pool.owed(miel, auditor)).to.equal(0n);
    expect((await stake.provisionOf(auditor, pool, penalties)).tokens).to.equal(before);
  });

  it('says what its record says, and nothing else opens it', async () => {
    const { pool } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const { record } = await audited(system, job, audit, await auditorOf(system, audit));
    await quarters(9);
    const changes = [
      { passed: false },
      { odds: 1 },
      { audits: 2 },
      { leaf: 1 },
      { innerRoot: ethers.ZeroHash },
      { number: 1 },
    ];
    for (const change of changes)
      await expect(pool.settle([job.terms], [{ ...record, ...change }])).to.be.revertedWithCustomError(
        pool,
        'AuditPool_Unknown',
      );
    const terms = { ...job.terms, fee: 10n ** 30n };
    await expect(pool.settle([terms], [record])).to.be.revertedWithCustomError(pool, 'AuditPool_Unknown');
    expect(record.innerRoot).to.equal(NO_INNER_VALUES);
  });

  it('is likelier where delegators may back the executor, whoever comes and goes among them', async () => {
    const { pool, stake, miel, market, penalties, provider, founder, other, parameters } = system;
    const rules = await rulesOf(system);
    const [slash, bounty, compensation] = await parameters.slashRules(1);
    const at = { fees: 20n * MIEL, inMiel: true, leaves: 1n, lock: 1_000_000n, slash, bounty, compensation };
    const asked = { fee: at.fees, collateral: 1_000n * MIEL };
    const before = await submitted(system, asked);
    expect(await pool.odds(before.terms)).to.equal(auditOdds(rules, { ...at, own: ownPart(false) }));
    await stake.connect(provider).thawProvision(market, penalties, 50_000n * MIEL);
    expect(await pool.odds(before.terms)).to.equal(auditOdds(rules, { ...at, own: ownPart(false) }));
    await stake.connect(provider).openPool(market, penalties, 1_000);
    expect(await pool.odds(before.terms)).to.equal(auditOdds(rules, { ...at, own: ownPart(false) }));
    const { terms } = await submitted(system, asked);
    const backed = auditOdds(rules, { ...at, own: ownPart(true) });
    expect(await pool.odds(terms)).to.equal(backed);
    await miel.connect(founder).transfer(other, 1_000n * MIEL);
    await miel.connect(other).approve(stake, ethers.MaxUint256);
    await stake.connect(other).delegateTo(1n, 1_000n * MIEL);
    expect(await pool.odds(terms)).to.equal(backed);
    await stake.connect(other).undelegate(1n, 1_000n * MIEL);
    expect(await pool.odds(terms)).to.equal(backed);
  });
});
