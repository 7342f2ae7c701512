import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { claimHash, ListTree } from '@essaim/protocol';
import { batchIdOf, jobContext } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { acceptByHand, answerByHand, NO_RECEIPT } from './by-hand.ts';
import { lieIn, Town } from './town.ts';

describe('a job of several inputs', () => {
  let town: Town;
  before(async () => {
    town = await Town.open();
  });
  after(() => town?.close());

  it('is convicted by context where its claims are another job’s, with and without a receipt', async () => {
    const { mlp } = town.models;
    const verifier = await town.verifier();
    const cheat = await town.cheat('alice', { cheats: [{ programId: mlp.program.id, claim: 0, otherInput: true }] });
    const otherInput = await town.post(mlp, 'alice', { count: 3 });
    await cheat.heard('submitted', otherInput);
    expect(await verifier.heard('convicted', otherInput)).to.include({ fault: 'context', foreign: 'input', leaf: 0 });
    await cheat.child.stop();

    // this test is the provider: it submits claims in the context of the job above, with a receipt that nobody has
    const essaim = await town.connect('bob');
    const { JobMarket } = essaim.contracts;
    const { chainId } = essaim.deployment;
    const replayed = await town.post(mlp, 'bob', { count: 3 });
    const { terms, traces } = await acceptByHand(essaim, mlp, replayed);
    const client = await JobMarket.getAddress();
    const contexts = traces.map((_, i) => jobContext(chainId, client, otherInput, i));
    const claims = traces.map(({ inputsRoot, traceRoot }, i) =>
      claimHash({ programId: mlp.program.id, inputsRoot, traceRoot, context: contexts[i] }),
    );
    await (await JobMarket.submitBatch(terms, new ListTree(claims).root, NO_RECEIPT)).wait();
    const convicted = verifier.heard('convicted', replayed);
    await answerByHand(essaim, batchIdOf(client, replayed), { traces, contexts }, convicted);
    expect(await convicted).to.include({ fault: 'context', foreign: 'context' });
    essaim.close();
    await verifier.child.stop();
  });

  it('is convicted for one wrong leaf, by one of two copies of the verifier', async () => {
    const { mlp } = town.models;
    const copies = await Promise.all([town.verifier('verifier'), town.verifier('modeller')]);
    const cheat = await town.cheat('alice', { cheats: [{ programId: mlp.program.id, claim: 1, lie: lieIn(mlp) }] });
    const jobId = await town.post(mlp, 'alice', { count: 3 });
    const ends = await Promise.any([
      copies[0].heard('convicted', jobId).then((line) => ({ line, other: copies[1] })),
      copies[1].heard('convicted', jobId).then((line) => ({ line, other: copies[0] })),
    ]);
    expect(ends.line).to.include({ fault: 'element', leaf: 1 });
    await ends.other.heard('lost', jobId);
    for (const { child } of [...copies, cheat]) await child.stop();
  });
});

describe('a provider that is stopped in the middle', () => {
  let town: Town;
  before(async () => {
    town = await Town.open();
  });
  after(() => town?.close());

  it('finishes its job after a SIGKILL between acceptance and submission', async () => {
    const { mlp } = town.models;
    const killed = await town.cheat('alice', { cheats: [{ programId: mlp.program.id, claim: 0, stall: true }] });
    const jobId = await town.post(mlp, 'alice');
    await killed.heard('accepted', jobId);
    killed.child.process.kill('SIGKILL');
    const again = await town.provider('alice');
    await again.heard('submitted', jobId);
    expect(existsSync(join(town.data('alice'), '31337'))).to.equal(true);
    await town.pass(25 * 3_600);
    await again.heard('paid', jobId);
    await again.child.stop();
  });

  it('is late where it misses the deadline: it submits nothing, and a part of its lock is burned', async () => {
    const { mlp } = town.models;
    const stalled = await town.cheat('alice', { cheats: [{ programId: mlp.program.id, claim: 0, stall: true }] });
    const jobId = await town.post(mlp, 'alice', { within: 300 });
    await stalled.heard('accepted', jobId);
    stalled.child.process.kill('SIGKILL');
    await town.pass(400);
    const again = await town.provider('alice');
    await again.heard('late', jobId);
    const requester = await town.connect('requester');
    const before = await requester.contracts.StakeManager.toBurn();
    await requester.jobs.refund(jobId);
    const burned = (await requester.contracts.StakeManager.toBurn()) - before;
    expect(burned).to.equal(parseEther('10'));
    expect(again.lines.some(({ event, jobId: of }) => event === 'submitted' && of === jobId)).to.equal(false);
    requester.close();
    await again.child.stop();
  });
});
