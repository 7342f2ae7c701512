import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Progress } from '../../scripts/demo/progress.ts';
import { type Outcome, Stage } from '../../scripts/demo/stage.ts';
import { tellStory } from '../../scripts/demo/story.ts';

describe('the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-demo-test-'));
  const stage = new Stage(folder, new Progress(true));
  let outcome: Outcome;
  let seconds: number;

  before(async () => {
    const began = performance.now();
    await stage.open();
    outcome = await stage.play();
    seconds = (performance.now() - began) / 1000;
  });
  after(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('pays 19 right jobs and convicts the one with a lie', () => {
    const verdicts = outcome.jobs.map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === 'checked')).to.have.length(19);
    expect(outcome.jobs.filter(({ paid }) => paid > 0n)).to.have.length(19);
    expect(outcome.jobs.find(({ verdict }) => verdict === 'convicted')).to.include({ asked: 'bob', model: 'cnn' });
  });

  it('names the operator and the element, in two transactions', () => {
    const { conviction } = outcome;
    expect(conviction).to.include({ operator: 'Conv', node: 'layer1.sum', element: 201, transactions: 2 });
    expect(Number(conviction.claimed)).to.equal(Number(String(conviction.permitted).replace('exactly ', '')) + 1);
    expect(outcome.proofs).to.deep.equal({ accusations: 1, convictions: 1 });
  });

  it('loses and makes no MIEL: all balances and what was burned sum to zero', () => {
    const { before, after } = outcome;
    const all = ({ roles, contracts }: Outcome['before']) =>
      [...Object.values(roles), ...Object.values(contracts)].reduce((sum, wei) => sum + wei, 0n);
    expect(all(before)).to.equal(before.supply);
    expect(all(after)).to.equal(after.supply);
    expect(before.supply - after.supply > 0n).to.equal(true);
  });

  it('takes less than a minute, and tells it', () => {
    expect(seconds).to.be.below(60);
    expect(tellStory(outcome, seconds)).to.include('CONVICTED').and.to.include('layer1.sum');
  });
});
