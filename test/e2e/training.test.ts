import type { Essaim } from '@essaim/sdk';
import { RunState } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { createRun, passDraw, registerDigits } from './school.ts';
import { Town } from './town.ts';

const DAY = 86_400;

describe('a run of training', function () {
  this.timeout(180_000);
  let town: Town;
  let initiator: Essaim;
  let backer: Essaim;
  let dataset: bigint;
  before(async () => {
    town = await Town.open();
    [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
    await (await town.connect('alice')).staking.provide(parseEther('3000'), undefined, 'training');
    dataset = await registerDigits(town, initiator);
  });
  after(async () => {
    initiator?.close();
    backer?.close();
    await town?.close();
  });

  it('is backed, drawn, trained, settled and completed', async () => {
    const { runId, terms } = await createRun(town, initiator, dataset);
    const { budget } = await backer.training.view(runId);
    await backer.training.back(runId, budget);
    await passDraw(town);
    const alice = await town.provider('alice', '--train', `${terms.token}=1`, '--checkpoint-every', '2');
    await alice.heard('committed');
    while (alice.lines.filter(({ event }) => event === 'committed').length < 3)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await town.pass(DAY + 1);
    await town.chain.send('hardhat_mine', ['0xf00']);
    await alice.heard('completed');
    await alice.heard('done');
    const view = await backer.training.view(runId);
    expect(view.state).to.equal(RunState.Completed);
    const seen = [];
    for await (const round of backer.training.watch(runId)) seen.push(round);
    expect(seen.filter(({ stage }) => stage === 'settled')).to.have.length(3);
    expect(seen.every(({ losses }) => losses?.length === 4)).to.equal(true);
    void accounts;
    await alice.child.stop();
  });
});
