import { runIdOf, runSubject } from '@essaim/protocol';
import { expect } from 'chai';
import { connection, INITIAL, passWindow, running, type Training, trainingFixture } from '../training/fixture.ts';
import { round } from '../training/trainer.ts';

const { ethers, networkHelpers } = connection;

describe('Outcomes of a run', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  it('are those of its trainers’ batches: final ones stand, and nothing else of the run has to be known', async () => {
    const { ada, other, addresses, registry } = system;
    const identity = await ethers.getContractAt('IdentityRegistry', addresses.IdentityRegistry);
    const outcomes = await ethers.getContractAt('Outcomes', addresses.Outcomes);
    await identity.connect(ada)['register()']();
    await outcomes.connect(ada).link(0n);
    const terms = await running(system);
    const made = await round(system, terms, ada, { round: 0, turn: 1, tensors: INITIAL });
    const subject = runSubject(runIdOf(terms), made.batchInfo);
    await expect(outcomes.record(registry, subject)).to.be.revertedWithCustomError(outcomes, 'Outcomes_Open');
    await passWindow();
    await outcomes.connect(other).record(registry, subject);
    expect([...(await outcomes.recordOf(0n))].map(Number)).to.deep.equal([0, 1, 0, 0, 0]);
    const reputation = await ethers.getContractAt('ReputationRegistry', addresses.ReputationRegistry);
    expect((await reputation.readFeedback(0n, outcomes, 1n))[2]).to.equal('stood');
  });
});
