import { type RunBatch, runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import { recordFigure } from '../../../scripts/figures.ts';
import {
  connection,
  joined,
  passWindow,
  running,
  staked,
  type Training,
  trainingFixture,
} from '../training/fixture.ts';

const { ethers, networkHelpers } = connection;
const SEATS = 64;
const DEPTH = 4;
/** The aim is 120,000: docs/training.md says what is missing. */
const CEILING = 129_000;

/** Gas of a run's rounds for all trainers together: submissions, aggregations, one settlement of all. */
async function rounds(system: Training): Promise<number> {
  const trainers = system.trainers.slice(0, SEATS);
  const terms = await running(
    system,
    { seats: SEATS, rounds: 2 * DEPTH, depth: DEPTH, dependantPay: 100n, roundSeconds: 86_400 },
    [],
  );
  for (const [seat, trainer] of trainers.entries()) await joined(system, terms, trainer, seat, seat === 0 ? 8 : 4);
  const runId = runIdOf(terms);
  const receipt = ethers.id('receipt');
  let spent = 0n;
  const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) => {
    const used = (await (await sent).wait())!.gasUsed;
    if (process.env.GAS_DETAIL) console.log(used);
    spent += used;
  };
  for (let turn = 1; turn <= 2 * DEPTH; turn += DEPTH) {
    spent = 0n; // the last ones are those of trainers who have trained before
    const settled = [];
    for (let i = turn; i < turn + DEPTH; i++) {
      const contributions: Pick<RunBatch, 'seat' | 'count' | 'trainer' | 'checkpoint'>[] = [];
      for (const [seat, trainer] of trainers.entries()) {
        const own = ethers.id(`checkpoint ${i} ${seat}`);
        contributions.push({ seat, count: terms.steps, trainer: trainer.address, checkpoint: own });
        const root = ethers.id(`batch ${i} ${seat}`);
        await gas(system.registry.connect(trainer).submit(runId, i, terms.steps, own, root, receipt));
      }
      const checkpoint = ethers.id(`checkpoint ${i}`);
      const root = ethers.id(`batch ${i}`);
      const [aggregator] = trainers;
      await gas(system.registry.connect(aggregator).aggregate(runId, i, contributions, checkpoint, root, receipt));
      settled.push({ aggregator, checkpoint, contributions });
    }
    await passWindow();
    await gas(system.registry.settle(runId, settled));
  }
  return Number(spent) / DEPTH;
}

describe('Gas of training', () => {
  it('stays within its ceiling for each trainer of a round of 64: its batch, its part of aggregation and settlement', async () => {
    const system = await networkHelpers.loadFixture(trainingFixture);
    const existing = system.trainers.length;
    for (let i = existing; i < SEATS; i++) {
      const wallet = ethers.Wallet.createRandom();
      await networkHelpers.impersonateAccount(wallet.address);
      await networkHelpers.setBalance(wallet.address, 10n ** 20n);
      system.trainers.push(await ethers.getSigner(wallet.address));
    }
    for (const trainer of system.trainers) await staked(system, trainer);
    const value = (await rounds(system)) / SEATS;
    recordFigure('gas.training.round-64', { value, unit: 'gas', aim: { atMost: 120_000 }, command: 'npm run gas' });
    expect(value).to.be.lessThan(CEILING);
  });
});
