import { type RunBatch, runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import type { Wallet } from 'ethers';
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
import { signed } from '../training/trainer.ts';

const { ethers, networkHelpers } = connection;
const SEATS = 64;
const DEPTH = 4;
const CEILING = 120_000;
/** Keys of the trainers that the node has none of. */
const wallets = new Map<string, Wallet>();

/** Gas of a run's rounds for all trainers together: submissions, aggregations, one settlement of all. */
async function rounds(system: Training, together: boolean): Promise<number> {
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
      const submissions = [];
      for (const [seat, trainer] of trainers.entries()) {
        const own = ethers.id(`checkpoint ${i} ${seat}`);
        contributions.push({ seat, count: terms.steps, trainer: trainer.address, checkpoint: own });
        const root = ethers.id(`batch ${i} ${seat}`);
        const batch = { round: i - 1, turn: i, seat, count: terms.steps, checkpoint: own, batchRoot: root };
        if (together) submissions.push(await signed(system, runId, wallets.get(trainer.address) ?? trainer, batch));
        else await gas(system.registry.connect(trainer).submit(runId, i, terms.steps, own, root, receipt));
      }
      if (together) await gas(system.registry.submitFor(runId, submissions));
      const checkpoint = ethers.id(`checkpoint ${i}`);
      const root = ethers.id(`batch ${i}`);
      const [aggregator] = trainers;
      await gas(
        system.registry.connect(aggregator).aggregate(runId, i, i + 1, contributions, checkpoint, root, receipt),
      );
      settled.push({ aggregator, checkpoint, contributions });
    }
    await passWindow();
    await gas(system.registry.settle(runId, settled));
  }
  return Number(spent) / DEPTH;
}

describe('Gas of training', () => {
  let system: Training;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(withTrainers);
  });

  const measured = async (figure: string, together: boolean, aim: { atMost: number } | null) => {
    const value = (await rounds(system, together)) / SEATS;
    recordFigure(figure, { value, unit: 'gas', aim, command: 'npm run gas' });
    return value;
  };

  it('stays within its aim for each trainer of a round of 64, submitted together: batch, aggregation and settlement', async () => {
    expect(await measured('gas.training.round-64', true, { atMost: CEILING })).to.be.at.most(CEILING);
  });

  it('costs little more where every trainer sends its own transaction', async () => {
    expect(await measured('gas.training.round-64.single', false, null)).to.be.at.most(131_000);
  });
});

/** The fixture with as many trainers as seats, all staked. */
async function withTrainers(): Promise<Training> {
  const system = await trainingFixture();
  for (let i = system.trainers.length; i < SEATS; i++) {
    const wallet = new ethers.Wallet(ethers.id(`trainer ${i}`));
    await networkHelpers.impersonateAccount(wallet.address);
    await networkHelpers.setBalance(wallet.address, 10n ** 20n);
    system.trainers.push(await ethers.getSigner(wallet.address));
    wallets.set(wallet.address, wallet);
  }
  for (const trainer of system.trainers) await staked(system, trainer);
  return system;
}
