import { expect } from 'chai';
import { KINDS } from '../../scripts/soak/kinds.ts';
import { plotOf } from '../../scripts/soak/plot.ts';
import { reportOf } from '../../scripts/soak/report.ts';
import { Soak } from '../../scripts/soak/soak.ts';
import { brokenBy, type Outcome, outcomeOf } from '../../scripts/soak/truth/outcome.ts';

describe('a short soak', function () {
  this.timeout(240_000);
  const soak = new Soak({ jobs: 40, minutes: 2.5, providers: 2, seed: 1, faults: 0.005 });
  let outcome: Outcome;
  before(async () => {
    await soak.play();
    outcome = await outcomeOf(soak);
  });
  after(() => soak.hive.close());

  it('convicts each kind of cheat, and nobody else', () => {
    const { kinds, wronged, honestSlashed } = outcome.verdicts;
    expect(kinds).to.have.length(KINDS.length);
    for (const { name, played, convicted } of kinds) expect([name, played, convicted]).to.deep.equal([name, 1, 1]);
    expect([wronged, honestSlashed]).to.deep.equal([0, 0]);
  });

  it('loses no job and no wei, though providers are killed and the endpoint is a bad one', () => {
    expect(soak.restarts).to.equal(2);
    const { done } = soak.hive.endpoint;
    expect(Object.values(done).reduce((sum, count) => sum + count, 0)).to.be.above(10);
    expect(outcome.ends).to.deep.equal({ paid: 40 - KINDS.length, refunded: KINDS.length, lost: 0 });
    for (const { name, should, has } of outcome.books) expect([name, has]).to.deep.equal([name, should]);
    expect(outcome.sent.repeated).to.equal(0);
  });

  it('is told in a report with a plot', () => {
    expect(brokenBy(outcome)).to.deep.equal([]);
    expect(reportOf(soak, outcome, [], 'soak.svg'))
      .to.include('All of it held.')
      .and.to.include('soak.svg');
    expect(plotOf(soak.memory.series)).to.include('<polyline').and.to.include('verifier');
  });
});
