import { expect } from 'chai';
import type { BaseContract } from 'ethers';
import { ALLOTTED } from '../../../scripts/lib/genesis.ts';
import { connection, MIEL } from '../market/fixture.ts';
import { type Action, callsOf, decided, deployedSystem, queued } from './decide.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;
const deployed = () => networkHelpers.loadFixture(deployedSystem);
const act = (to: BaseContract, name: string, ...args: unknown[]): Action => [
  to,
  to.interface.encodeFunctionData(name, args),
];
const longerExit = (to: BaseContract) => act(to, 'change', [ethers.encodeBytes32String('jobRules.freeExit')], [900]);

/** Governance's lines of docs/trust.md's table, against the whole deployed protocol. */
export const governanceLines: Record<string, () => void> = {
  'MIEL holder': () => {
    it('can move, burn, vote liquid and staked, and propose from the threshold on', async () => {
      const { miel, stake, governor, parameters, founder, other, stranger } = await deployed();
      await miel.transfer(stranger, MIEL);
      await miel.connect(stranger).burn(MIEL);
      await miel.connect(other).approve(stake, ethers.MaxUint256);
      await stake.connect(other).stake(60_000n * MIEL);
      await networkHelpers.mine();
      const calls = callsOf([longerExit(parameters)]);
      await governor.connect(other).propose(...calls, 'half of it staked');
      const id = await governor.hashProposal(...calls, ethers.id('half of it staked'));
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await governor.connect(other).castVote(id, 1);
      expect((await governor.proposalVotes(id)).forVotes).to.equal(100_000n * MIEL);
      await governor.connect(founder).castVote(id, 0);
    });
    it('can never vote twice with a token, nor with what came after the vote began, nor mint', async () => {
      const { miel, governor, parameters, founder, stranger } = await deployed();
      const calls = callsOf([longerExit(parameters)]);
      await governor.propose(...calls, 'one');
      const id = await governor.hashProposal(...calls, ethers.id('one'));
      await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
      await governor.castVote(id, 1);
      await expect(governor.castVote(id, 1)).to.be.revertedWithCustomError(governor, 'GovernorAlreadyCastVote');
      const before = (await governor.proposalVotes(id)).forVotes;
      await miel.connect(stranger).delegate(stranger);
      await miel.connect(founder).transfer(stranger, 1_000_000n * MIEL);
      await governor.connect(stranger).castVote(id, 1);
      expect((await governor.proposalVotes(id)).forVotes).to.equal(before);
      const functions = miel.interface.fragments.map((it) => ('name' in it ? String(it.name) : it.type));
      expect(functions.filter((name) => /mint/i.test(name))).to.deep.equal([]);
    });
  },

  governor: () => {
    it('can carry out what passed a vote, its own settings too', async () => {
      const { governor, parameters, founder } = await deployed();
      const actions = [longerExit(parameters), act(governor, 'setVotingPeriod', 3 * DAY)];
      await decided(governor, founder, actions, 'Two things');
      expect((await parameters.jobRules(2)).freeExit).to.equal(900n);
      expect(await governor.votingPeriod()).to.equal(BigInt(3 * DAY));
    });
    it('can never act without a vote, skip the delay, or set itself beyond its bounds', async () => {
      const { governor, timelock, parameters, founder } = await deployed();
      const calls = callsOf([longerExit(parameters)]);
      await governor.propose(...calls, 'nobody votes');
      const hash = ethers.id('nobody votes');
      const id = await governor.hashProposal(...calls, hash);
      await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
      await expect(governor.queue(...calls, hash)).to.be.revertedWithCustomError(
        governor,
        'GovernorUnexpectedProposalState',
      );
      await expect(governor.connect(founder).setVotingDelay(3_600)).to.be.revertedWithCustomError(
        governor,
        'GovernorOnlyExecutor',
      );
      const execute = await queued(governor, founder, [act(governor, 'setVotingPeriod', DAY)], 'A day to vote');
      await expect(execute()).to.be.revertedWithCustomError(timelock, 'TimelockUnexpectedOperationState');
      await networkHelpers.time.increase(2 * DAY);
      await expect(execute()).to.be.revertedWithCustomError(governor, 'EssaimGovernor_Bounds');
    });
  },

  timelock: () => {
    it('can add judges, change parameters, name the guardian, offer grants and spend the treasury', async () => {
      const s = await deployed();
      const opcode = ethers.id('ai.onnx/New/1');
      const grants = await ethers.getContractAt('BootstrapGrants', s.addresses.BootstrapGrants);
      await s.parameters.connect(s.guardian).pause(7 * DAY);
      const actions = [
        act(s.registry, 'add', opcode, s.addresses.MoveJudge),
        longerExit(s.parameters),
        act(s.parameters, 'setGuardian', s.other.address),
        act(grants, 'offer', s.stranger.address, MIEL),
        act(s.miel, 'transfer', s.stranger.address, 5n * MIEL),
      ];
      const execute = await queued(s.governor, s.founder, actions, 'Five things');
      await expect(execute()).to.be.revertedWithCustomError(s.timelock, 'TimelockUnexpectedOperationState');
      await networkHelpers.time.increase(2 * DAY);
      await execute();
      const code = ethers.keccak256(await ethers.provider.getCode(s.addresses.MoveJudge));
      expect(await s.registry.judge(opcode, code)).to.equal(s.addresses.MoveJudge);
      expect(await s.parameters.guardian()).to.equal(s.other.address);
      expect(await s.miel.balanceOf(s.stranger)).to.equal(5n * MIEL);
      expect(await s.miel.balanceOf(s.timelock)).to.equal(ALLOTTED.treasury - 5n * MIEL);
    });
    it('can never replace a judge or change an epoch that began; nobody schedules but the governor', async () => {
      const { addresses, timelock, registry, governor, parameters, founder, other } = await deployed();
      const before = [...(await parameters.jobRules(1))];
      await decided(governor, founder, [longerExit(parameters)], 'Longer');
      expect([...(await parameters.jobRules(1))]).to.deep.equal(before);
      const again = act(registry, 'add', ethers.id('ai.onnx/Transpose/13'), addresses.MoveJudge);
      const execute = await queued(governor, founder, [again], 'Again');
      await networkHelpers.time.increase(2 * DAY);
      await expect(execute()).to.be.revertedWithCustomError(registry, 'JudgeRegistry_Taken');
      const call = [again[0], 0, again[1], ethers.ZeroHash, ethers.ZeroHash, 2 * DAY] as const;
      for (const who of [founder, other]) {
        await expect(timelock.connect(who).schedule(...call)).to.be.revertedWithCustomError(
          timelock,
          'AccessControlUnauthorizedAccount',
        );
        await expect(registry.connect(who).add(ethers.id('x'), addresses.DotJudge)).to.be.revertedWithCustomError(
          registry,
          'JudgeRegistry_NotTimelock',
        );
        expect(await timelock.hasRole(ethers.ZeroHash, who)).to.equal(false);
      }
      expect(await timelock.getMinDelay()).to.equal(BigInt(2 * DAY));
    });
  },

  guardian: () => {
    it('can hold new jobs and runs back for a week, and the timelock lifts it and names another', async () => {
      const { parameters, governor, guardian, founder, stranger } = await deployed();
      const by = parameters.connect(guardian);
      await expect(by.pause(7 * DAY + 1)).to.be.revertedWithCustomError(parameters, 'Parameters_Pause');
      const actions = [act(parameters, 'unpause'), act(parameters, 'setGuardian', stranger.address)];
      const execute = await queued(governor, founder, actions, 'Lift it');
      await networkHelpers.time.increase(2 * DAY);
      await by.pause(7 * DAY);
      expect(await parameters.openEpoch()).to.equal(0n);
      await execute();
      expect(await parameters.openEpoch()).to.equal(1n);
      await expect(by.pause(1)).to.be.revertedWithCustomError(parameters, 'Parameters_Caller');
    });
    it('can never do anything else, nor pause again until as long has passed', async () => {
      const { parameters, guardian } = await deployed();
      const by = parameters.connect(guardian);
      await by.pause(3 * DAY);
      for (const send of [() => by.setGuardian(guardian), () => by.change([], [])])
        await expect(send()).to.be.revertedWithCustomError(parameters, 'Parameters_Caller');
      await by.unpause();
      expect(await parameters.newJobsAllowed()).to.equal(true);
      await expect(by.pause(1)).to.be.revertedWithCustomError(parameters, 'Parameters_Pause');
      await networkHelpers.time.increase(3 * DAY);
      await by.pause(1);
    });
  },

  'emission reserve': () => {
    it('can pay what is asked for, up to what it holds', async () => {
      const [deployer, emissions, other] = await ethers.getSigners();
      const at = ethers.getCreateAddress({ from: deployer.address, nonce: (await deployer.getNonce()) + 1 });
      const miel = await ethers.deployContract('MielToken', [[at], [10n * MIEL]]);
      const reserve = await ethers.deployContract('EmissionReserve', [miel, emissions, 10n * MIEL]);
      await reserve.connect(emissions).emitTo(other, 4n * MIEL);
      await expect(reserve.connect(emissions).emitTo(other, 7n * MIEL)).to.be.revertedWithCustomError(
        reserve,
        'EmissionReserve_Insufficient',
      );
    });
    it('can never vote, count for a quorum, or pay anybody who is not the emissions contract', async () => {
      const { miel, reserve, governor, founder, timelock, guardian } = await deployed();
      expect(await miel.delegates(reserve)).to.equal(ethers.ZeroAddress);
      expect(await miel.getVotes(reserve)).to.equal(0n);
      const past = BigInt(await networkHelpers.time.latest()) - 1n;
      expect(await governor.quorum(past)).to.equal((600_000_000n * MIEL * 4n) / 100n);
      const self = await ethers.getImpersonatedSigner(String(timelock.target));
      await networkHelpers.setBalance(self.address, MIEL);
      for (const who of [founder, guardian, self])
        await expect(reserve.connect(who).emitTo(who, 1n)).to.be.revertedWithCustomError(
          reserve,
          'EmissionReserve_Caller',
        );
    });
  },

  'bootstrap grantee': () => {
    async function granted() {
      const s = await deployed();
      const grants = await ethers.getContractAt('BootstrapGrants', s.addresses.BootstrapGrants);
      const offer = act(grants, 'offer', s.stranger.address, 50_000n * MIEL);
      await decided(s.governor, s.founder, [offer], 'A first provider');
      await grants.connect(s.stranger).take();
      return { ...s, grants, offer, by: s.stake.connect(s.stranger) };
    }
    it('can provision its grant, vote with it, and unbond what has unlocked', async () => {
      const { stake, by, stranger, addresses } = await granted();
      await by.provision(addresses.JobMarket, addresses.Penalties, 25_000n * MIEL);
      await networkHelpers.mine();
      expect(await stake.getVotes(stranger)).to.equal(50_000n * MIEL);
      await networkHelpers.time.increase(73 * DAY);
      await by.unbond(5_000n * MIEL);
    });
    it('can never unbond what has not unlocked, nor have a second grant', async () => {
      const { stake, by, governor, founder, grants, offer } = await granted();
      await expect(by.unbond(50_000n * MIEL)).to.be.revertedWithCustomError(stake, 'StakeManager_Bound');
      const execute = await queued(governor, founder, [offer], 'Another');
      await networkHelpers.time.increase(2 * DAY);
      await expect(execute()).to.be.revertedWithCustomError(grants, 'BootstrapGrants_Had');
    });
  },
};
