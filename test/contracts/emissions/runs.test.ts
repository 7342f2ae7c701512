import { runIdOf } from '@essaim/protocol';
import { expect } from 'chai';
import { connection, INITIAL, MIEL, PRICE, passWindow, running, trainingFixture } from '../training/fixture.ts';
import { type Made, round, settledRound } from '../training/trainer.ts';
import { nextDay } from './fixture.ts';

const { ethers, networkHelpers } = connection;

describe('Emissions of runs', () => {
  it('are drawn by what the escrow paid for settled rounds, each burn once', async () => {
    const system = await networkHelpers.loadFixture(trainingFixture);
    const { registry, escrow, ada, miel, founder, dataset, datasets, dataOwner, royalties } = system;
    const emissions = await ethers.getContractAt('Emissions', system.addresses.Emissions);
    await datasets.connect(dataOwner).setPrice(dataset, miel, PRICE);
    for (const account of [system.initiator, system.backer]) {
      await miel.connect(founder).transfer(account, 10_000n * MIEL);
      await miel.connect(account).approve(escrow, ethers.MaxUint256);
    }
    const terms = await running(system, { token: await miel.getAddress(), feePerStep: 1_000n * MIEL });
    const runId = runIdOf(terms);
    const rounds: Made[] = [];
    for (let r = 0; r < 3; r++) {
      const tensors = rounds.at(-1)?.tensors ?? INITIAL;
      rounds.push(await round(system, terms, ada, { round: r, turn: r + 1, tensors }));
    }
    await expect(emissions.recordRun(terms, ada)).to.be.revertedWithCustomError(emissions, 'Emissions_Nothing');
    await passWindow();

    // Of two steps at 1,000 MIEL, 40 are protocol fee; 20 of it are burned, and 10 asked for.
    const record = async () => {
      await escrow.withdraw(terms, ada);
      const made = await emissions.recordRun.staticCall(terms, ada);
      await emissions.recordRun(terms, ada);
      await expect(emissions.recordRun(terms, ada)).to.be.revert(ethers);
      return made;
    };
    await nextDay();
    await registry.settle(runId, [settledRound([rounds[0]])]);
    const first = await record();
    expect(first.asks).to.equal(10n * MIEL);
    await registry.settle(
      runId,
      rounds.slice(1).map((made) => settledRound([made])),
    );
    const second = await record();
    expect(second.asks).to.equal(20n * MIEL);
    expect(second.id).not.to.equal(first.id);
    expect(await escrow.burnedOf(runId, ada)).to.equal(60n * MIEL);
    const supply = await miel.totalSupply();
    await escrow.burnFees();
    expect(await miel.totalSupply()).to.equal(supply - 60n * MIEL);

    await nextDay();
    await expect(emissions.claim(first.id)).to.changeTokenBalance(ethers, miel, ada, 7n * MIEL);
    await emissions.claimData(second.id, 0);
    await expect(emissions.claimData(second.id, 1)).to.be.revertedWithCustomError(emissions, 'Emissions_Nothing');
    expect(await royalties.received(miel, dataset)).to.equal(2n * MIEL);
  });
});
