import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditBound } from '../../scripts/economy/audit-rules.ts';
import { gini, hhi } from '../../scripts/economy/concentration.ts';
import { cheatsGain, fixed } from '../../scripts/economy/deterrence.ts';
import { gainWithAuditors } from '../../scripts/economy/majority.ts';
import { MIEL } from '../../scripts/economy/money.ts';
import { PEOPLE, runPopulation } from '../../scripts/economy/population.ts';
import { FULL, report } from '../../scripts/economy/report/report.ts';
import { FIRST } from '../../scripts/economy/rules.ts';

describe('docs/economics.md', () => {
  const { text, plots } = report(FULL);

  it('is what the simulation writes: npm run economy', () => {
    expect(readFileSync('docs/economics.md', 'utf8')).to.equal(text);
  });

  it('shows every plot that is there, each as the simulation draws it', () => {
    expect(readdirSync('docs/economics').sort()).to.deep.equal(
      Object.keys(plots)
        .map((name) => `${name}.svg`)
        .sort(),
    );
    for (const [name, svg] of Object.entries(plots)) {
      expect(readFileSync(`docs/economics/${name}.svg`, 'utf8'), name).to.equal(svg);
      expect(text).to.include(`economics/${name}.svg`);
      expect(svg).not.to.match(/NaN|Infinity|undefined/);
    }
  });
});

describe('the simulated economy', () => {
  it('is the same for the same seed, and another for another', () => {
    const gains = (seed: number) => [...runPopulation({ epochs: 100, every: 100, seed }).gains.at(-1)!.byKind.values()];
    expect(gains(3)).to.deep.equal(gains(3));
    expect(gains(3)).not.to.deep.equal(gains(4));
  });

  for (const seed of [11, 12, 13]) {
    it(`pays honest work, and cheating, not looking and self-dealing less or nothing (seed ${seed})`, () => {
      const { gains, market } = runPopulation({ epochs: 1000, every: 1000, seed });
      const gain = (kind: string) => gains.at(-1)!.byKind.get(kind)!;
      expect(gain('honest provider')).to.be.greaterThan(0);
      expect(gain('auditor')).to.be.greaterThan(0);
      for (const kind of ['cheat', 'farmer', 'self-convictor', 'lazy auditor', 'copier']) {
        expect(gain(kind), kind).to.be.lessThan(0);
      }
      for (const kind of ['late provider', 'batch cheat']) {
        expect(gain(kind), kind).to.be.lessThan(gain('honest provider'));
      }
      for (const honest of ['honest provider', 'late provider', 'auditor', 'farmer']) {
        expect(market.convictions.has(honest), honest).to.equal(false);
      }
    });
  }

  it('pays assigned auditors, and no samplers, when nobody cheats', () => {
    const people = PEOPLE.filter(({ kind }) => !/cheat|convictor|farmer/.test(kind));
    const { gains } = runPopulation({ epochs: 1000, every: 1000, people });
    expect(gains.at(-1)!.byKind.get('auditor')).to.be.greaterThan(0);
    // without the luck of bounties, what a miss costs shows
    expect(gains.at(-1)!.byKind.get('late auditor')).to.be.lessThan(gains.at(-1)!.byKind.get('auditor')!);
    expect(gains.at(-1)!.byKind.get('sampler')).to.be.lessThan(0);
  });

  it('agrees with the closed form on which side cheating loses', () => {
    for (const lock of [25, 100, 300]) {
      const bound = auditBound(FIRST, 2 * MIEL, lock * MIEL);
      const gain = (p: number) =>
        cheatsGain({ rules: fixed(p, lock * MIEL), kind: 'cheat', batches: 20_000, demand: { fee: 2 * MIEL } });
      expect(gain(bound / 1.4), `below, lock ${lock}`).to.be.greaterThan(0);
      expect(gain(bound * 1.4), `above, lock ${lock}`).to.be.lessThan(0);
    }
  });

  it('lets a majority of the auditors cheat only where no outsider looks', () => {
    expect(gainWithAuditors(0.25, 0, 5)).to.be.lessThan(0);
    expect(gainWithAuditors(0.8, 0, 5)).to.be.greaterThan(0);
    expect(gainWithAuditors(0.8, 0.01, 5)).to.be.lessThan(0);
  });
});

describe('measures of concentration', () => {
  it('are lowest for equals and highest where one has all', () => {
    expect(gini([5, 5, 5, 5])).to.be.closeTo(0, 1e-12);
    expect(gini([0, 0, 0, 8])).to.be.closeTo(0.75, 1e-12);
    expect(hhi([5, 5, 5, 5])).to.be.closeTo(2500, 1e-9);
    expect(hhi([0, 0, 0, 8])).to.be.closeTo(10_000, 1e-9);
  });
});
