import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import type { BaseContract } from 'ethers';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { ALLOTTED } from '../../../scripts/lib/genesis.ts';
import type { EssaimGovernor } from '../../../sdk/src/generated/contract-types.ts';
import { connection } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

/** One call that the timelock is to make. */
export type Action = [to: BaseContract, data: string];

/** The whole deployed protocol; `founder` votes with all that holders hold, but what it gave to `other`. */
export async function deployedSystem() {
  const [founder, other, guardian, stranger] = await ethers.getSigners();
  const part = ALLOTTED.holders / 2_000n;
  const holders = { [founder.address]: ALLOTTED.holders - part, [other.address]: part };
  const { addresses } = await deployProtocol(founder, { guardian: guardian.address, holders });
  const contracts = {
    miel: await ethers.getContractAt('MielToken', addresses.MielToken),
    timelock: await ethers.getContractAt('TimelockController', addresses.TimelockController),
    parameters: await ethers.getContractAt('ProtocolParameters', addresses.ProtocolParameters),
    reserve: await ethers.getContractAt('EmissionReserve', addresses.EmissionReserve),
    governor: await ethers.getContractAt('EssaimGovernor', addresses.EssaimGovernor),
    stake: await ethers.getContractAt('StakeManager', addresses.StakeManager),
    registry: await ethers.getContractAt('JudgeRegistry', addresses.JudgeRegistry),
    market: await ethers.getContractAt('JobMarket', addresses.JobMarket),
  };
  await contracts.miel.delegate(founder);
  await contracts.miel.connect(other).delegate(other);
  await networkHelpers.mine();
  return { ...contracts, addresses, founder, other, guardian, stranger };
}

export type System = Awaited<ReturnType<typeof deployedSystem>>;

/** What `propose`, `queue` and `execute` take of some actions; queue and execute want the description's hash. */
export function callsOf(actions: Action[]): [string[], bigint[], string[]] {
  return [actions.map(([to]) => String(to.target)), actions.map(() => 0n), actions.map(([, data]) => data)];
}

/** Carries actions by the votes of one account until the timelock holds them; returns what executes them. */
export async function queued(
  governor: EssaimGovernor,
  voter: HardhatEthersSigner,
  actions: Action[],
  description: string,
): Promise<() => ReturnType<EssaimGovernor['execute']>> {
  const calls = callsOf(actions);
  const hash = ethers.id(description);
  const by = governor.connect(voter);
  await by.propose(...calls, description);
  const id = await governor.hashProposal(...calls, hash);
  await networkHelpers.time.increaseTo((await governor.proposalSnapshot(id)) + 1n);
  await by.castVote(id, 1);
  await networkHelpers.time.increaseTo((await governor.proposalDeadline(id)) + 1n);
  await governor.queue(...calls, hash);
  return () => governor.execute(...calls, hash);
}

/** Carries actions by the votes of one account through the timelock to their execution; a week and a day pass. */
export async function decided(
  governor: EssaimGovernor,
  voter: HardhatEthersSigner,
  actions: Action[],
  description: string,
): Promise<void> {
  const execute = await queued(governor, voter, actions, description);
  await networkHelpers.time.increase(2 * 86_400);
  await execute();
}
