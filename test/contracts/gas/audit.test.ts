import { seatAt } from '@essaim/protocol';
import { expect } from 'chai';
import { assertFigure } from '../../../scripts/figures.ts';
import {
  type Audited,
  type Audits,
  audited,
  auditFixture,
  connection,
  drawn,
  type Job,
  MIEL,
  provisioned,
  quarters,
  submitted,
} from '../audits/fixture.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';
const SEATS = 65_536;
/** The seat that the first auditor is given. */
const SEAT = 43_690;

/** Where `AuditPool` keeps the tree's head, its nodes and the seats. */
const SLOTS = { head: 0n, nodes: 1n, seats: 2n } as const;
const mapped = (key: bigint, slot: bigint) =>
  ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [key, slot]));
const word = (n: bigint) => ethers.toBeHex(n, 32);

/** Writes the tree of these weights, as they stood at the end of the last term, where the contract keeps it. */
async function fill({ pool, auditors }: Audits, weights: readonly bigint[]): Promise<void> {
  const at = await pool.getAddress();
  let sums = weights;
  for (let depth = 5; depth > 0; depth--) {
    const nodes = Array.from({ length: sums.length / 8 }, (_, i) => sums.slice(8 * i, 8 * i + 8));
    await Promise.all(
      nodes.map((lanes, i) => {
        const packed = lanes.reduce((all, lane, place) => all | (lane << BigInt(32 * place)), 0n);
        const key = BigInt(2 ** (13 + depth) + i) << 2n;
        return networkHelpers.setStorageAt(at, mapped(key, SLOTS.nodes), word(packed));
      }),
    );
    sums = nodes.map((lanes) => lanes.reduce((a, b) => a + b));
  }
  const term = (await pool.termOf(await networkHelpers.time.latest())) - 1n;
  await networkHelpers.setStorageAt(at, word(SLOTS.head), word(term | (sums[0] << 16n) | (sums[1] << 48n)));
  const own = await ethers.provider.getStorage(at, mapped(BigInt(await pool.seatOf(auditors[0])), SLOTS.seats));
  await networkHelpers.setStorageAt(at, mapped(BigInt(SEAT), SLOTS.seats), own);
}

/** What a transaction of these bytes costs before anything is run. */
const intrinsic = (data: string) =>
  21_000 + ethers.getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);

/** Jobs, each drawn for the first auditor in its seat, and audited by it; the gas of the last audit. */
async function done(system: Audits, count: number): Promise<{ jobs: { job: Job; it: Audited }[]; gas: bigint }> {
  const jobs: { job: Job; it: Audited }[] = [];
  while (jobs.length < count) {
    const job = await submitted(system);
    const [audit] = await drawn(system, job);
    if ((await system.pool.assignment(job.terms, 0)).seat !== BigInt(SEAT)) continue;
    jobs.push({ job, it: await audited(system, job, audit, system.auditors[0]) });
  }
  const block = await ethers.provider.getBlock('latest');
  return { jobs, gas: block!.gasUsed };
}

describe('Gas of audits', () => {
  let system: Audits;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(auditFixture);
  });

  it('assigns one of 65,536 stakers for at most 60,000 of the audit’s transaction', async () => {
    const weights = Array.from({ length: SEATS }, (_, i) => 400n + BigInt((i * 7_919) % 200));
    await fill(system, weights);
    let most = 0;
    for (let i = 0; i < 6; i++) {
      const job = await submitted(system);
      const [audit] = await drawn(system, job);
      expect((await system.pool.assignment(job.terms, 0)).seat).to.equal(BigInt(seatAt(weights, audit.share)));
      const data = system.pool.interface.encodeFunctionData('assignment', [job.terms, 0]);
      most = Math.max(most, Number(await system.pool.assignment.estimateGas(job.terms, 0)) - intrinsic(data));
    }
    assertFigure('gas.audit.assign-65536', { value: most, unit: 'gas', aim: { atMost: 60_000 }, command: COMMAND });
  });

  it('assigns and submits within 180,000 among 65,536 stakers, and settles eight within 65,000 each', async () => {
    await fill(
      system,
      Array.from({ length: SEATS }, (_, i) => (i === SEAT ? 1n << 28n : 1n)),
    );
    const first = await done(system, 1);
    const { jobs, gas } = await done(system, 8);
    assertFigure('gas.audit.submit', { value: Number(gas), unit: 'gas', aim: { atMost: 180_000 }, command: COMMAND });
    await quarters(9);
    const settle = async (these: { job: Job; it: Audited }[]) => {
      for (const { job } of these) await system.market.withdraw(job.terms);
      const terms = these.map(({ job }) => job.terms);
      const sent = await system.pool.settle(
        terms,
        these.map(({ it }) => it.record),
      );
      return Number((await sent.wait())!.gasUsed);
    };
    await settle(first.jobs);
    const each = (await settle(jobs)) / 8;
    assertFigure('gas.audit.settle-8', { value: each, unit: 'gas', aim: { atMost: 65_000 }, command: COMMAND });
  });

  it('enrols and weighs anew below its ceilings', async () => {
    const { pool, other, auditors, at } = system;
    await provisioned(system, other, 5_000n * MIEL, at.AuditPool);
    const enroll = (await (await pool.connect(other).enroll()).wait())!.gasUsed;
    const refresh = (await (await pool.refresh(auditors[1])).wait())!.gasUsed;
    const figure = (gas: bigint, atMost: number) => ({
      value: Number(gas),
      unit: 'gas',
      aim: { atMost },
      command: COMMAND,
    });
    assertFigure('gas.audit.enroll', figure(enroll, 350_000));
    assertFigure('gas.audit.refresh', figure(refresh, 120_000));
  });
});
