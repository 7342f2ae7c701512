import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';
import { isAddress, parseEther } from 'ethers';
import { DEPLOYMENTS } from './deployment-file.ts';
import { type Hands, localHands } from './genesis.ts';

/**
 * The hands of a network's deployment, from `deployments/<network>.hands.json`:
 * `{ "guardian": "0x…", "holders": { "0x…": "200000000" } }`, in MIEL. On a chain for oneself the first account is all.
 * @throws Error if the file is not there or has another shape
 */
export async function handsOf(network: string, file: string | undefined, ethers: HardhatEthers): Promise<Hands> {
  const path = file ?? join(DEPLOYMENTS, `${network}.hands.json`);
  if (!file && network === 'local' && !existsSync(path)) return localHands((await ethers.getSigners())[0].address);
  if (!existsSync(path)) throw new Error(`${path} is missing: it names the guardian and the holders of the first day`);
  return readHands(JSON.parse(readFileSync(path, 'utf8')), path);
}

/** Checks the shape of hands read from outside. */
export function readHands(value: unknown, where: string): Hands {
  const { guardian, holders } = (value ?? {}) as { guardian?: string; holders?: Record<string, string> };
  const wrong = [guardian, ...Object.keys(holders ?? {})].filter((account) => !isAddress(account));
  if (wrong.length > 0 || !guardian || !holders) throw new Error(`${where}: ${wrong.join(', ')} is no address`);
  const amounts = Object.entries(holders).map(([account, amount]) => [account, parseEther(amount)] as const);
  return { guardian, holders: Object.fromEntries(amounts) };
}
