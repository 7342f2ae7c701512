import { assertFigure, recordFigure } from '../../../scripts/figures.ts';
import { DELAY, deployGovernance, type Governance, proposalOf } from '../governance/fixture.ts';
import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;
const COMMAND = 'npm run gas';
const HEADROOM = 1.15;

type Step = 'propose' | 'vote' | 'vote-late-quorum' | 'queue' | 'execute';

/** Gas of one proposal's whole life: the first vote is short of the quorum, the second reaches it late. */
async function lifeOf(s: Governance, governor: Governance['governor']): Promise<Record<Step, number>> {
  const gas = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>) =>
    Number((await (await sent).wait())!.gasUsed);
  const { actions, description, hash } = proposalOf(s);
  const propose = await gas(governor.connect(s.holder).propose(...actions, description));
  const id = await governor.hashProposal(...actions, hash);
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) - 100n);
  const vote = await gas(governor.connect(s.small).castVote(id, 1));
  const late = await gas(governor.connect(s.holder).castVote(id, 1));
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
  const queue = await gas(governor.queue(...actions, hash));
  await networkHelpers.time.increase(DELAY);
  const execute = await gas(governor.execute(...actions, hash));
  return { propose, vote, 'vote-late-quorum': late, queue, execute };
}

/** The same extensions of OpenZeppelin over one plain ERC20Votes, deciding about the same parameters. */
async function deployPlain() {
  const s = await deployGovernance();
  const timelock = await ethers.deployContract('TimelockController', [DELAY, [], [ethers.ZeroAddress], s.deployer]);
  const governor = await ethers.deployContract('PlainGovernor__Harness', [s.miel, timelock]);
  for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE'] as const)
    await timelock.grantRole(await timelock[role](), governor);
  const parameters = await ethers.deployContract('ProtocolParameters', [timelock, s.guardian]);
  await s.miel.transfer(s.holder, 20_000_000n * MIEL);
  await networkHelpers.mine();
  return { ...s, timelock, parameters, governor: governor as unknown as Governance['governor'] };
}

describe('Gas of governance', () => {
  it('is at most 15 % above the same extensions over one plain ERC20Votes', async () => {
    const plain = await networkHelpers.loadFixture(deployPlain);
    const baseline = await lifeOf(plain, plain.governor);
    const own = await networkHelpers.loadFixture(deployGovernance);
    for (const by of [own.small, own.holder]) await own.stake.connect(by).stake(1n);
    await networkHelpers.mine();
    const ours = await lifeOf(own, own.governor);
    for (const [step, value] of Object.entries(ours)) {
      const before = baseline[step as Step];
      recordFigure(`gas.governance.${step}.baseline`, { value: before, unit: 'gas', aim: null, command: COMMAND });
      assertFigure(`gas.governance.${step}`, {
        value,
        unit: 'gas',
        aim: { atMost: Math.floor(before * HEADROOM) },
        command: COMMAND,
      });
    }
  });

  it('is recorded for a voter who delegates to a pool', async () => {
    const s = await networkHelpers.loadFixture(deployGovernance);
    await s.stake.connect(s.deployer).stake(1_000n * MIEL);
    await s.stake.connect(s.deployer).provision(s.stranger, s.stranger, 1_000n * MIEL);
    await s.stake.connect(s.deployer).openPool(s.stranger, s.stranger, 0);
    for (const by of [s.small, s.holder]) await s.stake.connect(by).delegateTo(1n, MIEL);
    await networkHelpers.mine();
    const { vote } = await lifeOf(s, s.governor);
    recordFigure('gas.governance.vote-delegator', { value: vote, unit: 'gas', aim: null, command: COMMAND });
  });
});
