import { network } from 'hardhat';
import type { Launch } from './deploy.ts';

const GAS = 16_000_000;

/** A private chain of the same id on which the same contracts were made, at the same addresses, from this source. */
export async function twinOf(chainId: number, launchpad: string, launches: Launch[]) {
  const connection = await network.create({ network: 'default', override: { chainId } });
  const { provider } = connection.ethers;
  const asked = (method: string, ...params: unknown[]) => provider.send(method, params);
  await asked('hardhat_impersonateAccount', launchpad);
  await asked('hardhat_setBalance', launchpad, `0x${(10n ** 30n).toString(16)}`);
  await asked('hardhat_setNonce', launchpad, '0x1');
  const signer = await provider.getSigner(launchpad);
  for (const { code } of launches) await (await signer.sendTransaction({ data: code, gasLimit: GAS })).wait();
  return connection;
}
