import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types';
import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

export const THAW = 14 * 86_400;

/** An operator with a provision of 100 MIEL and a pool of 10 % cut, and two holders that may delegate. */
export async function deployPool() {
  const [deployer, operator, client, slasher, delegator, other] = await ethers.getSigners();
  const miel = await ethers.deployContract('MielToken', [[deployer.address], [1_000_000n * MIEL]]);
  const implementation = await ethers.deployContract('PoolFees');
  const stake = await ethers.deployContract('StakeManager', [miel, THAW, implementation, ethers.ZeroAddress]);
  const token = await ethers.deployContract('Token__Mock');
  for (const who of [operator, delegator, other]) {
    await miel.transfer(who, 1_000n * MIEL);
    await miel.connect(who).approve(stake, ethers.MaxUint256);
  }
  await stake.connect(operator).stake(200n * MIEL);
  await stake.connect(operator).provision(client, slasher, 100n * MIEL);
  await stake.connect(operator).openPool(client, slasher, 1_000);
  const fees = await ethers.getContractAt('PoolFees', (await stake.poolAt(1n)).fees);
  await fees.connect(operator).admit(token);
  return { miel, stake, token, fees, deployer, operator, client, slasher, delegator, other };
}

export type Pool = Awaited<ReturnType<typeof deployPool>>;

/** Slashes `amount` milli-MIEL of the operator's provision, with the largest bounty and compensation. */
export async function slash(s: Pool, amount: bigint, to: HardhatEthersSigner = s.other): Promise<void> {
  await s.stake.connect(s.client).lock(s.operator, s.slasher, amount, 0n, 0n);
  await s.stake
    .connect(s.slasher)
    .slash(s.operator, s.client, amount, amount, to, amount / 4n, to, amount / 2n - amount / 4n);
}

export const passThaw = () => networkHelpers.time.increase(THAW);

/** The second of the latest block. */
export const now = async () => BigInt(await networkHelpers.time.latest());
