import type { Essaim } from '@essaim/sdk';
import type { JsonRpcProvider } from 'ethers';

/** Moves a local chain past the window of everything submitted so far: seconds and blocks. */
export async function advanceClock(chain: JsonRpcProvider, { contracts }: Essaim): Promise<void> {
  const parameters = contracts.ProtocolParameters;
  const { windowSeconds, windowBlocks } = await parameters.claimRules(await parameters.epoch());
  await chain.send('hardhat_mine', [`0x${windowBlocks.toString(16)}`]);
  await chain.send('evm_increaseTime', [Number(windowSeconds)]);
  await chain.send('evm_mine', []);
}
