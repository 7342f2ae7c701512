import { type AuditRules, auditOdds, auditPay, drawAudits, plantReturn, seatAt } from '@essaim/protocol';
import { expect } from 'chai';
import { parameterTable } from '../../../scripts/lib/parameter-table.ts';
import { random } from '../../random.ts';
import { connection } from '../market/fixture.ts';

const { ethers } = connection;
const LINES = parameterTable().filter(({ name }) => name.startsWith('auditRules.'));
const NAMES = ['saving', 'lazy', 'margin', 'least', 'leaves', 'pay', 'planted', 'lock', 'missed', 'cost'] as const;

/** Rules within their bounds, often at one. */
function rulesOf(next: () => number): AuditRules {
  return Object.fromEntries(
    LINES.map(({ name, least, most }) => {
      const draw = next();
      const value =
        draw < 0.2 ? least : draw < 0.4 ? most : least + BigInt(Math.floor(next() * Number(most - least + 1n)));
      return [name.slice('auditRules.'.length), value];
    }),
  ) as unknown as AuditRules;
}

const big = (next: () => number, bits: number): bigint => {
  const size = 1 + Math.floor(next() * bits);
  let word = 0n;
  for (let i = 0; i < size; i += 24) word = (word << 24n) | BigInt(Math.floor(next() * 2 ** 24));
  return word & ((1n << BigInt(size)) - 1n);
};

describe('Audits: Solidity and TypeScript agree', () => {
  it('on probability and pay, for whatever governance can set and jobs can be', async () => {
    const next = random(51);
    const harness = await ethers.deployContract('AuditLibs__Harness');
    expect(LINES.map(({ name }) => name.slice(11))).to.have.members([...NAMES]);
    for (let i = 0; i < 150; i++) {
      const rules = rulesOf(next);
      const args = NAMES.map((name) => rules[name]);
      const share = () => BigInt(Math.floor(next() * 5_001));
      const [fees, leaves, lock] = [big(next, 127), 1n + big(next, 16), big(next, 40)];
      const at = { fees, inMiel: next() < 0.7, leaves, lock, own: 2n * share(), slash: 5_000n + share() };
      const [bounty, compensation] = [share() / 2n, share() / 2n];
      const odds = auditOdds(rules, { ...at, bounty, compensation });
      const { inMiel, own, slash } = at;
      const onChain = await harness.probability(
        args as never,
        fees,
        inMiel,
        leaves,
        lock,
        own,
        slash,
        bounty + compensation,
      );
      expect(onChain).to.equal(odds);
      expect(odds >= rules.least && odds <= 10_000n).to.equal(true);
      const [pay, plant, expired] = await harness.pays(args as never, fees, odds, leaves, fees / 3n);
      expect(pay).to.equal(auditPay(rules, fees, odds, leaves));
      expect(plant).to.equal(plantReturn(rules, fees, odds, fees / 3n));
      expect(expired).to.equal(auditPay(rules, fees, 0n, leaves));
      // what all of a class pay out, plants and expired draws among them, is never more than came in
      const average = (odds * (pay * leaves + plant)) / 10_000n + expired * leaves;
      expect(average <= fees).to.equal(true);
    }
  });

  it('on whether a batch is drawn, on leaves, segments and shares', async () => {
    const next = random(52);
    const harness = await ethers.deployContract('AuditLibs__Harness');
    for (let i = 0; i < 60; i++) {
      const [value, batchId] = [ethers.id(`value ${i}`), ethers.id(`batch ${i}`)];
      const [count, most, odds] = [
        1 + Math.floor(next() * 300),
        1 + Math.floor(next() * 64),
        BigInt(Math.floor(next() * 10_001)),
      ];
      const audits = drawAudits(value, batchId, odds, count, most);
      const size = Math.min(count, most);
      for (let index = 0; index < size; index += 1 + Math.floor(size / 4)) {
        const [audited, leaf, segment, share] = await harness.audits(value, batchId, odds, index, size, count);
        expect(audited).to.equal(audits.length > 0);
        if (audited) expect(audits[index]).to.deep.equal({ index, leaf: Number(leaf), segment, share });
      }
      const leaves = audits.map(({ leaf }) => leaf);
      expect(new Set(leaves).size).to.equal(leaves.length);
      expect(leaves.every((leaf) => leaf < count)).to.equal(true);
    }
  });

  it('on the seat that a share falls on, as weights stood in each of three terms', async () => {
    const next = random(53);
    const harness = await ethers.deployContract('AuditLibs__Harness');
    const seats = Array.from({ length: 40 }, () => Math.floor(next() * 65_536));
    const history: bigint[][] = [];
    const weights = seats.map(() => 0n);
    for (let term = 0; term < 6; term++) {
      const changed = seats.map((_, i) => i).filter(() => next() < 0.3);
      const set = changed.map(() => big(next, 23));
      changed.forEach((i, at) => {
        for (const [j, seat] of seats.entries()) if (seat === seats[i]) weights[j] = set[at];
      });
      await harness.set(
        changed.map((i) => seats[i]),
        set,
        1_000 + term,
      );
      history.push([...weights]);
    }
    for (const term of [3, 4, 5]) {
      const sparse = Array.from({ length: 65_536 }, () => 0n);
      for (const [i, seat] of seats.entries()) sparse[seat] = history[term][i];
      for (let i = 0; i < 25; i++) {
        const share = big(next, 128);
        const [found, seat] = await harness.drawn(share, 1_000 + term);
        expect(found).to.equal(true);
        expect(Number(seat)).to.equal(seatAt(sparse, share));
      }
    }
  });
});
