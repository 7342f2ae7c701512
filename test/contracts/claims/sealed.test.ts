import { answerRoots } from '@essaim/protocol';
import { expect } from 'chai';
import { ask, deploy, ethers, networkHelpers, question, respond, type System, trace } from './demandFixture.ts';

const { loadFixture } = networkHelpers;

/** The batch of `trace`, sealed to the requester. */
async function deploySealed(): Promise<System> {
  const system = await deploy();
  const subject = ethers.id('a sealed job');
  await system.client.submitSealed(subject, trace.batch.root, trace.batch.count, system.executor);
  const batchId = ethers.solidityPackedKeccak256(['address', 'bytes32'], [await system.client.getAddress(), subject]);
  return { ...system, batchId };
}

describe('Demands of a sealed batch', () => {
  let system: System;
  const values = (by = system.requester) => question(system, 'values', { count: 1_024 }, by);
  const bytes = (by = system.requester) => question(system, 'value', { count: 4 }, by);
  beforeEach(async () => {
    system = await loadFixture(deploySealed);
  });

  it('C7: are for its requester alone: everyone else is refused, however it asks', async () => {
    const { availability, requester, demander, executor, batchId } = system;
    for (const other of [demander, executor]) {
      await expect(ask(system, values(other)))
        .to.be.revertedWithCustomError(availability, 'Availability_NotRequester')
        .withArgs(requester.address);
      await expect(availability.connect(other).demandSegment(batchId, 1, 0, { value: 10n ** 18n }))
        .to.be.revertedWithCustomError(availability, 'Availability_NotRequester')
        .withArgs(requester.address);
      await expect(availability.connect(other).demandOutput(batchId, 1, 0, 0, '0x'))
        .to.be.revertedWithCustomError(availability, 'Availability_NotRequester')
        .withArgs(requester.address);
    }
    await ask(system, values());
    await respond(system, values(), answerRoots(values(), trace.opened, trace.lists.values));
    // what the requester was shown opens nothing for another
    await expect(ask(system, bytes(demander))).to.be.revertedWithCustomError(availability, 'Availability_NotBelow');
    await expect(ask(system, bytes())).to.emit(availability, 'Demanded');
  });

  it('C7: are open to whom the requester appoints, and to nobody whom anybody else does', async () => {
    const { availability, requester, demander, sybil, executor, batchId } = system;
    for (const other of [demander, executor]) {
      await expect(availability.connect(other).appoint(batchId, sybil))
        .to.be.revertedWithCustomError(availability, 'Availability_NotRequester')
        .withArgs(requester.address);
    }
    await expect(availability.connect(requester).appoint(batchId, demander))
      .to.emit(availability, 'Appointed')
      .withArgs(batchId, demander.address);
    expect(await availability.appointed(batchId, demander)).to.equal(true);
    await ask(system, values(demander));
    await respond(system, values(demander), answerRoots(values(demander), trace.opened, trace.lists.values));
    await expect(ask(system, bytes(demander))).to.emit(availability, 'Demanded');
    // an appointed account appoints nobody
    await expect(availability.connect(demander).appoint(batchId, sybil)).to.be.revertedWithCustomError(
      availability,
      'Availability_NotRequester',
    );
    await expect(ask(system, values(sybil))).to.be.revertedWithCustomError(availability, 'Availability_NotRequester');
  });

  it('nobody is appointed for a batch that is not sealed, or is not there', async () => {
    const { availability, requester, client, demander } = system;
    const open = ethers.solidityPackedKeccak256(
      ['address', 'bytes32'],
      [await client.getAddress(), ethers.id('a job')],
    );
    for (const batchId of [open, ethers.id('none')]) {
      await expect(availability.connect(requester).appoint(batchId, demander))
        .to.be.revertedWithCustomError(availability, 'Availability_NotRequester')
        .withArgs(ethers.ZeroAddress);
    }
  });

  it('are sealed by the client in the block of the submission, or never', async () => {
    const { claims, client, demander, batchId } = system;
    await expect(claims.connect(demander).seal(batchId, demander))
      .to.be.revertedWithCustomError(claims, 'Claims_NotAdjudicator')
      .withArgs(demander.address);
    await expect(client.seal(batchId)).to.be.revertedWithCustomError(claims, 'Claims_SealedLate').withArgs(batchId);
  });
});
