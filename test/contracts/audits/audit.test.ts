import { expect } from 'chai';
import {
  type Audits,
  audited,
  auditFixture,
  auditorOf,
  connection,
  drawn,
  nextTerm,
  proofOf,
  quarters,
  submitted,
} from './fixture.ts';

const { networkHelpers } = connection;

describe('AuditPool: an audit', () => {
  let system: Audits;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(auditFixture);
  });

  it('is drawn, submitted by its auditor, and paid of the batch’s own fee once both are final', async () => {
    const { pool, market, claims, stake, penalties, miel } = system;
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const assignment = await pool.assignment(job.terms, 0);
    expect(assignment.auditor).to.equal(auditor.address);
    const it = await audited(system, job, audit, auditor);
    expect((await claims.batch(it.batchId)).root).to.equal(it.place.batch.root);
    await quarters(9);
    await market.withdraw(job.terms);
    await pool.settle([job.terms], [it.record]);
    const { locked } = await stake.provisionOf(auditor, pool, penalties);
    expect(locked).to.equal(250_000n);
    const owed = await pool.owed(miel, auditor);
    expect(owed).to.be.greaterThan(0n);
    await expect(pool.settle([job.terms], [it.record])).to.be.revertedWithCustomError(pool, 'AuditPool_Done');
  });

  it('that passed what was wrong is struck by the same proof as the executor, and all of it is burned', async () => {
    const { pool, claims, penalties, stake } = system;
    const job = await submitted(system, { wrong: [0] });
    const [audit] = await drawn(system, job);
    const auditor = await auditorOf(system, audit);
    const it = await audited(system, job, audit, auditor);
    await pool.show(job.batchId, proofOf(job));
    await pool.strike(job.terms, it.record);
    expect(await claims.state(it.batchId)).to.equal(3n);
    const before = (await stake.provisionOf(auditor, pool, penalties)).tokens;
    await penalties.collect(it.batchId, '0x');
    const { tokens } = await stake.provisionOf(auditor, pool, penalties);
    expect(before - tokens).to.equal(250_000n);
    await nextTerm();
  });
});
