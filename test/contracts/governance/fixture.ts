import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

export const DELAY = 2 * 86_400;
export const RESERVE = 400_000_000n * MIEL;

/** The governor with its token, reserve, timelock and stakes. */
export async function deployGovernance() {
  const [deployer, holder, small, stranger, emissions, guardian] = await ethers.getSigners();
  const nonce = await deployer.getNonce();
  const reserveAt = ethers.getCreateAddress({ from: deployer.address, nonce: nonce + 1 });
  const miel = await ethers.deployContract('MielToken', [
    [reserveAt, deployer.address, holder.address, small.address],
    [RESERVE, 575_000_000n * MIEL, 24_990_000n * MIEL, 10_000n * MIEL],
  ]);
  const reserve = await ethers.deployContract('EmissionReserve', [miel, emissions, RESERVE]);
  const fees = await ethers.deployContract('PoolFees');
  const stake = await ethers.deployContract('StakeManager', [miel, 14n * 86_400n, fees, ethers.ZeroAddress]);
  const timelock = await ethers.deployContract('TimelockController', [DELAY, [], [ethers.ZeroAddress], deployer]);
  const governor = await ethers.deployContract('EssaimGovernor', [miel, stake, reserve, timelock]);
  for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE'] as const)
    await timelock.grantRole(await timelock[role](), governor);
  await timelock.renounceRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer);
  const parameters = await ethers.deployContract('ProtocolParameters', [timelock, guardian]);
  await miel.connect(holder).delegate(holder);
  await miel.connect(small).delegate(small);
  for (const by of [deployer, holder, small]) await miel.connect(by).approve(stake, ethers.MaxUint256);
  await networkHelpers.mine();
  return {
    miel,
    reserve,
    stake,
    timelock,
    governor,
    parameters,
    deployer,
    holder,
    small,
    stranger,
    emissions,
    guardian,
  };
}

export type Governance = Awaited<ReturnType<typeof deployGovernance>>;

/** A proposal to change one parameter, and the hash by which it is queued and executed. */
export function proposalOf(system: Pick<Governance, 'parameters'>, value = 900n, description = 'Longer free exit') {
  const data = system.parameters.interface.encodeFunctionData('change', [
    [ethers.encodeBytes32String('jobRules.freeExit')],
    [value],
  ]);
  const actions = [[system.parameters.target as string], [0n], [data]] as [string[], bigint[], string[]];
  return { actions, description, hash: ethers.id(description) };
}
