import type { Essaim, JobStage, Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { reach, request, type World, world } from './world.ts';

describe('a job that is followed through a reorganisation', () => {
  let at: World;
  let essaim: Essaim;

  before(async () => {
    at = await world();
    essaim = await at.connect('requester');
  });

  it('shows what took the place of a block that is gone, and nothing twice', async () => {
    const stages: JobStage[] = [];
    const run = essaim.jobs.run(request(at));
    const reading = (async () => {
      for await (const stage of run) stages.push(stage);
    })().catch(() => undefined);
    await reach(run, 'posted');
    const { terms } = stages[0] as { terms: Terms };
    const acceptAs = async (role: 'seller' | 'rival') =>
      (await (await at.connect(role)).contracts.JobMarket.accept(terms)).wait();

    const snapshot = await at.chain.send('evm_snapshot', []);
    await acceptAs('seller');
    await seen(stages, 2);
    await at.chain.send('evm_revert', [snapshot]);
    await acceptAs('rival');
    await seen(stages, 3);
    for (let i = 0; i < 3; i++) await at.chain.send('evm_mine', []);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stages.map((stage) => ('provider' in stage ? stage.provider : stage.stage))).to.deep.equal([
      'posted',
      at.wallets.seller.address,
      at.wallets.rival.address,
    ]);
    essaim.close();
    await reading;
  });
});

async function seen(stages: readonly JobStage[], count: number): Promise<void> {
  for (let i = 0; i < 200 && stages.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(stages).to.have.length(count);
}
