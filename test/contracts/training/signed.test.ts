import { runBatchId, runIdOf, ZERO_HASH } from '@essaim/protocol';
import { expect } from 'chai';
import { connection, INITIAL, joined, running, type Training, trainingFixture } from './fixture.ts';
import { round, signed, submit, train } from './trainer.ts';

const { ethers, networkHelpers } = connection;
const START = { round: 0, turn: 1, tensors: INITIAL };
const batchOf = (seat: number, turn = 1) => ({
  round: turn - 1,
  turn,
  seat,
  count: 2,
  checkpoint: ethers.id(`checkpoint ${seat}`),
  batchRoot: ethers.id(`batch ${seat}`),
});

describe('Submissions signed by their trainers', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(trainingFixture);
  });

  it('are each as the trainer’s own, in one transaction of anyone', async () => {
    const { registry, claims, ada, bob, other } = system;
    const terms = await running(system, { seats: 2 }, [ada, bob]);
    const runId = runIdOf(terms);
    const list = [await signed(system, runId, ada, batchOf(0)), await signed(system, runId, bob, batchOf(1))];
    await registry.connect(other).submitFor(runId, list);
    for (const [seat, trainer] of [ada, bob].entries()) {
      const { round, turn, count, checkpoint, batchRoot } = batchOf(seat);
      const info = { round, turn, nextTurn: 0, seat, trainer: trainer.address, count, checkpoint };
      const batchId = runBatchId(await registry.getAddress(), runId, { ...info, contributions: ZERO_HASH });
      const stored = await claims.batch(batchId);
      expect([stored.root, stored.executor]).to.deep.equal([batchRoot, trainer.address]);
      expect((await registry.trainer(runId, trainer)).turn).to.equal(1n);
    }
    await expect(registry.submitFor(runId, list)).to.be.revertedWithCustomError(registry, 'TrainingRegistry_Submitted');
  });

  it('make the next round where the run has one seat', async () => {
    const { registry, ada, other } = system;
    const terms = await running(system);
    const runId = runIdOf(terms);
    const made = await train(system, terms, ada, START);
    const batch = { ...made.batchInfo, batchRoot: made.batch.root };
    await registry.connect(other).submitFor(runId, [await signed(system, runId, ada, batch)]);
    expect((await registry.run(runId)).round).to.equal(1n);
    await round(system, terms, ada, { round: 1, turn: 2, tensors: made.tensors });
  });

  it('hold for nothing but the run, chain, contract, round, turn, seat and batch that they name', async () => {
    const { registry, ada, bob, other } = system;
    const terms = await running(system, { seats: 2 }, [ada, bob]);
    const runId = runIdOf(terms);
    const refused = async (list: Awaited<ReturnType<typeof signed>>[]) =>
      expect(registry.connect(other).submitFor(runId, list))
        .to.be.revertedWithCustomError(registry, 'TrainingRegistry_Signature')
        .withArgs(ada.address);
    const places = [{ runId: ethers.id('another run') }, { round: 1 }, { turn: 2 }, { seat: 1 }, { count: 1 }];
    for (const place of places) await refused([await signed(system, runId, ada, batchOf(0), place)]);
    for (const domain of [{ chainId: 1 }, { verifyingContract: other.address }, { version: '2' }]) {
      await refused([await signed(system, runId, ada, batchOf(0), {}, domain)]);
    }
    const own = await signed(system, runId, ada, batchOf(0));
    const changed = ethers.id('changed');
    for (const name of ['checkpoint', 'batchRoot', 'receipt']) await refused([{ ...own, [name]: changed }]);
    const theirs = await signed(system, runId, bob, batchOf(0));
    await refused([{ ...own, signature: theirs.signature }]);
    await refused([{ ...own, signature: '0x' }]);
    await refused([{ ...own, signature: `${own.signature}00` }]);
  });

  it('are not used again in a later turn, nor more than there are seats', async () => {
    const { registry, ada } = system;
    const terms = await running(system);
    const runId = runIdOf(terms);
    const made = await train(system, terms, ada, START);
    const own = await signed(system, runId, ada, { ...made.batchInfo, batchRoot: made.batch.root });
    await expect(registry.submitFor(runId, [own, own])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Contributions',
    );
    await submit(system, terms, ada, made);
    await expect(registry.submitFor(runId, [own])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Signature',
    );
  });

  it('come from contract wallets too, and from nobody without a seat', async () => {
    const { registry, ada, other, stake, penalties, miel, founder } = system;
    const wallet = await ethers.deployContract('Wallet__Harness', [ada.address]);
    const asWallet = async (target: string, data: string) => wallet.connect(ada).run(target, data);
    await miel.connect(founder).transfer(wallet, 10n ** 22n);
    const [mielAt, stakeAt, registryAt] = await Promise.all([miel, stake, registry].map((it) => it.getAddress()));
    await asWallet(mielAt, miel.interface.encodeFunctionData('approve', [stakeAt, ethers.MaxUint256]));
    await asWallet(stakeAt, stake.interface.encodeFunctionData('stake', [10n ** 22n]));
    const provision = [registryAt, await penalties.getAddress(), 10n ** 22n] as const;
    await asWallet(stakeAt, stake.interface.encodeFunctionData('provision', [...provision]));
    const terms = await running(system, { seats: 2 }, []);
    const runId = runIdOf(terms);
    await asWallet(registryAt, registry.interface.encodeFunctionData('join', [terms, 0, 2, 0, '0x']));
    const trainer = await wallet.getAddress();
    const own = { ...(await signed(system, runId, ada, batchOf(0))), trainer };
    const theirs = { ...(await signed(system, runId, other, batchOf(0))), trainer };
    await expect(registry.submitFor(runId, [theirs])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Signature',
    );
    await registry.connect(other).submitFor(runId, [own]);
    expect((await registry.trainer(runId, trainer)).turn).to.equal(1n);
    const stranger = await signed(system, runId, other, batchOf(1));
    await expect(registry.submitFor(runId, [stranger])).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Seated',
    );
  });
});

describe('Locks of a seat', () => {
  it('are added without resigning, up to sixteen', async () => {
    const system = await networkHelpers.loadFixture(trainingFixture);
    const { registry, ada, bob, stake, penalties } = system;
    const terms = await running(system, {}, []);
    const runId = runIdOf(terms);
    await joined(system, terms, ada, 0, 1);
    const only = await round(system, terms, ada, START);
    await registry.connect(ada).addLocks(terms, 2);
    await round(system, terms, ada, { round: 1, turn: 2, tensors: only.tensors });
    const { locks, pending } = await registry.trainer(runId, ada);
    expect([locks, pending]).to.deep.equal([3n, 2n]);
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(3n * terms.collateral);
    for (const many of [0, 14]) {
      await expect(registry.connect(ada).addLocks(terms, many)).to.be.revertedWithCustomError(
        registry,
        'TrainingRegistry_Locks',
      );
    }
    await expect(registry.connect(bob).addLocks(terms, 1)).to.be.revertedWithCustomError(
      registry,
      'TrainingRegistry_Seated',
    );
    await registry.connect(ada).resign(runId);
    expect((await stake.provisionOf(ada, registry, penalties)).locked).to.equal(2n * terms.collateral);
  });
});
