import { drawAudits, seatAt } from '@essaim/protocol';
import { expect } from 'chai';
import { assertFigure } from '../../../scripts/figures.ts';
import {
  type Audited,
  type Audits,
  audited,
  auditFixture,
  auditorOf,
  connection,
  drawn,
  type Job,
  quarters,
  submitted,
} from '../audits/fixture.ts';
import { headerOf } from '../training/fixture.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';
const SEATS = 65_536;
const WEIGHT = 500n;

/** Where `AuditPool` keeps the tree's head, its nodes and the seats. */
const SLOTS = { head: 0, nodes: 1, seats: 2 } as const;
const mapped = (key: bigint, slot: number) =>
  ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [key, slot]));
const word = (n: bigint) => ethers.toBeHex(n, 32);

/** Writes a tree of 65,536 equal weights as it stood at the end of the last term. */
async function fill({ pool }: Audits): Promise<void> {
  const at = await pool.getAddress();
  const term = (await pool.termOf(await networkHelpers.time.latest())) - 1n;
  for (let depth = 5; depth > 0; depth--) {
    const sum = WEIGHT * 8n ** BigInt(5 - depth);
    const lanes = Array.from({ length: 8 }, (_, i) => sum << BigInt(32 * i)).reduce((a, b) => a | b);
    const nodes = SEATS / 8 ** (6 - depth);
    const keys = Array.from({ length: nodes }, (_, i) => (BigInt(2 ** (13 + depth)) + BigInt(i)) << 2n);
    await Promise.all(keys.map((key) => networkHelpers.setStorageAt(at, mapped(key, SLOTS.nodes), word(lanes))));
  }
  const half = (WEIGHT * BigInt(SEATS)) / 2n;
  await networkHelpers.setStorageAt(at, word(BigInt(SLOTS.head)), word(term | (half << 16n) | (half << 48n)));
}

/** Gives the drawn seat to the first auditor. */
async function seated({ pool, auditors }: Audits, seat: number): Promise<void> {
  const at = await pool.getAddress();
  const own = await ethers.provider.getStorage(at, mapped(BigInt(await pool.seatOf(auditors[0])), SLOTS.seats));
  await networkHelpers.setStorageAt(at, mapped(BigInt(seat), SLOTS.seats), own);
}

describe('Gas of an audit', () => {
  it('of 65,536 stakers is drawn for at most 60,000', async () => {
    const system = await networkHelpers.loadFixture(auditFixture);
    await fill(system);
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    const seat = seatAt(
      Array.from({ length: SEATS }, () => WEIGHT),
      audit.share,
    );
    await seated(system, seat);
    expect((await system.pool.assignment(job.terms, 0)).seat).to.equal(seat);
    const gas = await system.pool.assignment.estimateGas(job.terms, 0);
    console.log('assignment', gas);
    const sent = await audited(system, job, audit, system.auditors[0]);
    void sent;
  });

  it('stays within 180,000 for assignment, claim and settlement', async () => {
    const system = await networkHelpers.loadFixture(auditFixture);
    await fill(system);
    const done: { job: Job; it: Audited }[] = [];
    for (let i = 0; i < 9; i++) {
      const job = await submitted(system);
      const [audit] = await drawn(system, job);
      const seat = seatAt(
        Array.from({ length: SEATS }, () => WEIGHT),
        audit.share,
      );
      await seated(system, seat);
      const before = await ethers.provider.getBlockNumber();
      done.push({ job, it: await audited(system, job, audit, system.auditors[0]) });
      const block = await ethers.provider.getBlock(before + 1);
      console.log('audit', block!.gasUsed);
    }
    await quarters(9);
    for (const { job } of done) await system.market.withdraw(job.terms);
    const settle = async (from: number, to: number) => {
      const these = done.slice(from, to);
      const sent = await system.pool.settle(
        these.map(({ job }) => job.terms),
        these.map(({ it }) => it.record),
      );
      console.log('settle', to - from, (await sent.wait())!.gasUsed);
    };
    await settle(0, 1);
    await settle(1, 9);
  });
});
