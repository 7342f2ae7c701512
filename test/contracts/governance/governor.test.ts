import { expect } from 'chai';
import { connection, MIEL } from '../market/fixture.ts';
import { DELAY, deployGovernance, type Governance, proposalOf, RESERVE } from './fixture.ts';

const { ethers, networkHelpers } = connection;
const DAY = 86_400;
const FOR = 1;
const AGAINST = 0;
const State = { Pending: 0n, Active: 1n, Defeated: 3n, Succeeded: 4n, Queued: 5n, Executed: 7n };

describe('EssaimGovernor', () => {
  let s: Governance;
  let proposal: ReturnType<typeof proposalOf>;
  let id: bigint;

  const propose = async (by = s.holder) => {
    await s.governor.connect(by).propose(...proposal.actions, proposal.description);
    id = await s.governor.hashProposal(...proposal.actions, proposal.hash);
  };
  const begin = async () => networkHelpers.time.increaseTo((await s.governor.proposalSnapshot(id)) + 1n);
  const end = async () => networkHelpers.time.increaseTo((await s.governor.proposalDeadline(id)) + 1n);
  const vote = (by: (typeof s)['holder'], support: number) => s.governor.connect(by).castVote(id, support);
  const votes = async () => s.governor.proposalVotes(id);

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployGovernance);
    proposal = proposalOf(s);
  });

  it('carries a proposal from the vote through the timelock into a new epoch', async () => {
    await propose();
    expect(await s.governor.state(id)).to.equal(State.Pending);
    await begin();
    await s.governor.connect(s.holder).castVoteWithReason(id, FOR, 'inputs are slow to fetch');
    await end();
    expect(await s.governor.state(id)).to.equal(State.Succeeded);
    await s.governor.queue(...proposal.actions, proposal.hash);
    await expect(s.governor.execute(...proposal.actions, proposal.hash)).to.be.revertedWithCustomError(
      s.timelock,
      'TimelockUnexpectedOperationState',
    );
    await networkHelpers.time.increase(DELAY);
    await s.governor.connect(s.stranger).execute(...proposal.actions, proposal.hash);
    expect(await s.governor.state(id)).to.equal(State.Executed);
    expect((await s.parameters.jobRules(2)).freeExit).to.equal(900n);
  });

  it('counts liquid and staked power, each at the second in which the vote begins', async () => {
    await s.stake.connect(s.deployer).stake(1_000_000n * MIEL);
    await s.stake.connect(s.deployer).delegate(s.small);
    await s.stake.connect(s.small).stake(4_000n * MIEL);
    await propose();
    await begin();
    await s.stake.connect(s.deployer).delegate(s.deployer);
    await vote(s.small, FOR);
    expect((await votes()).forVotes).to.equal(1_010_000n * MIEL);
  });

  it('gives no votes to what was borrowed or staked after the vote began', async () => {
    await propose();
    await begin();
    await s.miel.transfer(s.stranger, 100_000_000n * MIEL);
    await s.miel.connect(s.stranger).delegate(s.stranger);
    await s.stake.connect(s.deployer).stake(100_000_000n * MIEL);
    await s.stake.connect(s.deployer).delegate(s.stranger);
    await vote(s.stranger, FOR);
    expect((await votes()).forVotes).to.equal(0n);
  });

  it('takes a proposal only from who holds the threshold a second before', async () => {
    await expect(propose(s.small))
      .to.be.revertedWithCustomError(s.governor, 'GovernorInsufficientProposerVotes')
      .withArgs(s.small, 10_000n * MIEL, 100_000n * MIEL);
    await s.miel.transfer(s.small, 90_000n * MIEL);
    await s.stake.connect(s.small).stake(90_000n * MIEL);
    await networkHelpers.mine();
    await propose(s.small);
  });

  it('has a quorum of four percent of what exists outside the reserve', async () => {
    const now = async () => BigInt(await networkHelpers.time.latest());
    await networkHelpers.mine();
    expect(await s.governor.quorum((await now()) - 1n)).to.equal(24_000_000n * MIEL);
    await s.reserve.connect(s.emissions).emitTo(s.stranger, 100_000_000n * MIEL);
    await networkHelpers.mine();
    expect(await s.governor.quorum((await now()) - 1n)).to.equal(28_000_000n * MIEL);
    expect(await s.reserve.remaining()).to.equal(RESERVE - 100_000_000n * MIEL);
  });

  it('defeats what reaches no quorum', async () => {
    await propose();
    await begin();
    await vote(s.small, FOR);
    await end();
    expect(await s.governor.state(id)).to.equal(State.Defeated);
  });

  it('gives two more days when the quorum comes at the last moment', async () => {
    await propose();
    await networkHelpers.time.increaseTo((await s.governor.proposalDeadline(id)) - 10n);
    const before = await s.governor.proposalDeadline(id);
    await expect(vote(s.holder, FOR)).to.emit(s.governor, 'ProposalExtended');
    const after = await s.governor.proposalDeadline(id);
    expect(after - before > BigInt(2 * DAY - 20)).to.equal(true);
    await vote(s.small, AGAINST);
  });

  it('takes votes and delegation by signature', async () => {
    const chainId = (await ethers.provider.getNetwork()).chainId;
    await propose();
    await begin();
    const domain = { name: 'Essaim', version: '1', chainId, verifyingContract: String(s.governor.target) };
    const types = {
      Ballot: [
        { name: 'proposalId', type: 'uint256' },
        { name: 'support', type: 'uint8' },
        { name: 'voter', type: 'address' },
        { name: 'nonce', type: 'uint256' },
      ],
    };
    const ballot = { proposalId: id, support: FOR, voter: s.holder.address, nonce: 0n };
    const signature = await s.holder.signTypedData(domain, types, ballot);
    await s.governor.connect(s.stranger).castVoteBySig(id, FOR, s.holder, signature);
    expect((await votes()).forVotes).to.equal(24_990_000n * MIEL);
    await expect(s.governor.castVoteBySig(id, FOR, s.holder, signature)).to.be.revertedWithCustomError(
      s.governor,
      'GovernorInvalidSignature',
    );
  });

  it('counts nobody twice', async () => {
    await propose();
    await begin();
    await vote(s.holder, FOR);
    await expect(vote(s.holder, FOR)).to.be.revertedWithCustomError(s.governor, 'GovernorAlreadyCastVote');
  });

  it('keeps its own settings within hard bounds, whatever is voted', async () => {
    const settings = [
      ['setVotingDelay', 8 * DAY],
      ['setVotingPeriod', DAY],
      ['setProposalThreshold', 2_000_000n * MIEL],
      ['updateQuorumNumerator', 1],
      ['setLateQuorumVoteExtension', 0],
    ] as const;
    for (const [name, value] of settings) {
      const data = s.governor.interface.encodeFunctionData(name as 'setVotingDelay', [value]);
      proposal = { actions: [[String(s.governor.target)], [0n], [data]], description: name, hash: ethers.id(name) };
      await propose();
      await begin();
      await vote(s.holder, FOR);
      await end();
      await s.governor.queue(...proposal.actions, proposal.hash);
      await networkHelpers.time.increase(DELAY);
      await expect(s.governor.execute(...proposal.actions, proposal.hash)).to.be.revertedWithCustomError(
        s.governor,
        'EssaimGovernor_Bounds',
      );
    }
  });

  it('is the only one that the timelock listens to, and nobody administers the timelock', async () => {
    const proposer = await s.timelock.PROPOSER_ROLE();
    const admin = await s.timelock.DEFAULT_ADMIN_ROLE();
    expect(await s.timelock.hasRole(proposer, s.governor)).to.equal(true);
    expect(await s.timelock.hasRole(proposer, s.deployer)).to.equal(false);
    expect(await s.timelock.hasRole(admin, s.deployer)).to.equal(false);
    expect(await s.timelock.hasRole(admin, s.timelock)).to.equal(true);
  });
});

describe('EmissionReserve', () => {
  it('gives only to whom the emissions contract names, and no more than it was allotted', async () => {
    const s = await networkHelpers.loadFixture(deployGovernance);
    await expect(s.reserve.emitTo(s.deployer, 1n)).to.be.revertedWithCustomError(s.reserve, 'EmissionReserve_Caller');
    const pays = s.reserve.connect(s.emissions);
    await expect(pays.emitTo(s.deployer, RESERVE + 1n)).to.be.revertedWithCustomError(
      s.reserve,
      'EmissionReserve_Insufficient',
    );
    await expect(pays.emitTo(s.small, RESERVE)).to.changeTokenBalance(ethers, s.miel, s.small, RESERVE);
    expect(await s.reserve.remaining()).to.equal(0n);
  });

  it('has no votes', async () => {
    const s = await networkHelpers.loadFixture(deployGovernance);
    expect(await s.miel.getVotes(s.reserve)).to.equal(0n);
    expect(await s.miel.delegates(s.reserve)).to.equal(ethers.ZeroAddress);
  });
});
