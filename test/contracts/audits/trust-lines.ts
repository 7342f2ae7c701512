import { expect } from 'chai';
import { connection, type Market, MIEL } from '../market/fixture.ts';
import { audited, submitted as auditedJob, auditFixture, auditorOf, drawn, nextTerm, quarters } from './fixture.ts';

const { ethers, networkHelpers } = connection;

/** Lines of docs/trust.md about audits. */
export const auditLines: Record<string, (system: () => Market) => void> = {
  auditor: () => {
    it('can take a seat, submit the audits drawn for it, and resign; its pay and its lock come back', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, market: jobs, stake: stakes, penalties } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      const { record } = await audited(audits, job, audit, auditor);
      await pool.connect(auditor).resign();
      await quarters(9);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      expect(await pool.owed(job.terms.token, auditor)).to.be.greaterThan(0n);
      await nextTerm();
      await nextTerm();
      await pool.close(auditor);
      expect((await stakes.provisionOf(auditor, pool, penalties)).locked).to.equal(0n);
    });
    it('can never choose what it audits, be paid for a false alarm, or take its lock before the end', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, market: jobs } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      for (const other of audits.auditors.filter((one) => one !== auditor))
        await expect(audited(audits, job, audit, other)).to.be.revertedWithCustomError(pool, 'AuditPool_NotDrawn');
      const { record } = await audited(audits, job, audit, auditor, { passed: false });
      await expect(pool.connect(auditor).settle([job.terms], [record])).to.be.revertedWithCustomError(
        pool,
        'AuditPool_State',
      );
      await quarters(9);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      expect(await pool.owed(job.terms.token, auditor)).to.equal(0n);
    });
  },

  'AuditPool (client)': () => {
    it('can burn of a bond what was missed, and pays no more of a token than it holds', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, stake: stakes, market: jobs, miel } = audits;
      const job = await auditedJob(audits);
      const [audit] = await drawn(audits, job);
      const auditor = await auditorOf(audits, audit);
      const { record } = await audited(audits, job, audit, auditor);
      const late = await auditedJob(audits);
      await drawn(audits, late);
      await quarters(9);
      const burned = await stakes.toBurn();
      await pool.missed(late.terms, 0);
      expect((await stakes.toBurn()) - burned).to.equal(2n * MIEL);
      await jobs.withdraw(job.terms);
      await pool.settle([job.terms], [record]);
      const held = await jobs.owed(miel, pool);
      expect(await pool.owed(miel, auditor)).to.be.greaterThan(held);
      await expect(pool.collect(miel, auditor)).to.changeTokenBalance(ethers, miel, auditor, held);
    });
    it('can never reject another client’s batch, nor reach a provision that was not granted to it', async () => {
      const audits = await networkHelpers.loadFixture(auditFixture);
      const { pool, claims, stake: stakes, penalties, provider, market: jobs, at } = audits;
      const job = await auditedJob(audits);
      await networkHelpers.impersonateAccount(at.AuditPool);
      await networkHelpers.setBalance(at.AuditPool, MIEL);
      const asPool = await ethers.getSigner(at.AuditPool);
      await expect(claims.connect(asPool).reject(job.batchId, 0, provider)).to.be.revertedWithCustomError(
        claims,
        'Claims_NotAdjudicator',
      );
      await expect(stakes.connect(asPool).release(provider, penalties, 1, 1)).to.be.revertedWithCustomError(
        stakes,
        'StakeManager_Insufficient',
      );
      expect((await stakes.provisionOf(provider, jobs, penalties)).locked).to.be.greaterThan(0n);
      expect(await pool.getAddress()).to.equal(at.AuditPool);
    });
  },
};
