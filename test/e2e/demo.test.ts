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
    expect(outcome.proofs).to.deep.equal({ accusations: 2, convictions: 2 });
  });

  it('loses and makes no MIEL: all balances and what was burned sum to zero', () => {
    const { before, between, after } = outcome;
    const all = ({ roles, contracts }: Outcome['before']) =>
      [...Object.values(roles), ...Object.values(contracts)].reduce((sum, wei) => sum + wei, 0n);
    expect(all(before)).to.equal(before.supply);
    expect(all(between)).to.equal(between.supply);
    expect(all(after)).to.equal(after.supply);
    expect(before.supply - after.supply > 0n).to.equal(true);
  });

  it('convicts the trainer of one changed gradient, and the other completes the run', () => {
    const { conviction, rounds, run } = outcome.training;
    expect(conviction).to.include({ fault: 'element', round: 1, leaf: 4, element: 7, transactions: 2 });
    expect(String(conviction.node)).to.match(/^d\(/);
    const { carol, dave } = outcome.addresses;
    const settled = rounds.filter(({ stage }) => stage === 'settled').map(({ trainer }) => trainer);
    expect(settled).to.deep.equal([dave, carol, carol, carol]);
    const losses = rounds.filter(({ stage }) => stage === 'settled').map((round) => round.losses!);
    expect(losses.map(({ length }) => length)).to.deep.equal(Array(run.terms.rounds).fill(run.terms.steps));
    expect(losses[3][9]).to.be.below(losses[0][0]);
  });

  it('pays backers, trainers, initiator and contributors of data out of one inference', () => {
    const { earnings, price } = outcome.training;
    const of = (why: string) => earnings.filter((each) => each.why === why);
    for (const why of ['backer', 'trainer', 'initiator', 'data'])
      for (const { earned } of of(why)) expect(earned > 0n).to.equal(true);
    const shares = earnings.filter(({ why }) => why !== 'data').reduce((sum, each) => sum + each.shares, 0n);
    expect(10n ** 24n - shares < 10n).to.equal(true);
    const fromModel = earnings.filter(({ why }) => why !== 'data').reduce((sum, { earned }) => sum + earned, 0n);
    expect((price * 9n) / 10n - fromModel < 10n).to.equal(true);
  });

  it('tells it', () => {
    expect(tellStory(outcome, seconds)).to.include('CONVICTED').and.to.include('layer1.sum');
  });
});
