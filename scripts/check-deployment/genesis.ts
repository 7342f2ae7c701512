import { OPCODES, opcodeOf } from '@essaim/protocol';
import { formatEther, getAddress, keccak256, ZeroAddress } from 'ethers';
import type { ContractName } from '../lib/artifacts.ts';
import { ALLOTTED, mintedTo, SUPPLY } from '../lib/genesis.ts';
import { eventsOf, type Live, whoIs } from './live.ts';

/** MIEL that was not minted as the genesis says, or has come since. */
export async function balanceProblems(live: Live): Promise<string[]> {
  const { MielToken: miel, EmissionReserve: reserve, BootstrapGrants: grants } = live.contracts;
  const problems: string[] = [];
  const minted = new Map<string, bigint>();
  for (const { args } of await eventsOf(live, miel, 'Transfer'))
    if (args.from === ZeroAddress) minted.set(args.to, (minted.get(args.to) ?? 0n) + args.value);
  const [accounts, amounts] = mintedTo(live.deployment.addresses, live.hands);
  const wanted = new Map<string, bigint>();
  for (const [i, account] of accounts.map(getAddress).entries())
    wanted.set(account, (wanted.get(account) ?? 0n) + amounts[i]);
  for (const account of new Set([...minted.keys(), ...wanted.keys()])) {
    const [found, expected] = [minted.get(account) ?? 0n, wanted.get(account) ?? 0n];
    if (found !== expected)
      problems.push(
        `MielToken: ${whoIs(live, account)} got ${formatEther(found)} MIEL at genesis instead of ${formatEther(expected)}`,
      );
  }
  const supply = await miel.totalSupply();
  if (supply > SUPPLY) problems.push(`MielToken: there are ${formatEther(supply)} MIEL`);
  const given = (await eventsOf(live, reserve, 'Emitted')).reduce((sum, { args }) => sum + args.amount, 0n);
  const remaining = await reserve.remaining();
  if (remaining + given !== ALLOTTED.reserve || (await miel.balanceOf(reserve)) < remaining)
    problems.push(`EmissionReserve: ${formatEther(remaining)} MIEL remain and ${formatEther(given)} were given`);
  const offered = (await eventsOf(live, grants, 'Offered')).reduce((sum, { args }) => sum + args.amount, 0n);
  const available = await grants.available();
  if (available + offered !== ALLOTTED.grants && available !== 0n)
    problems.push(`BootstrapGrants: ${formatEther(available)} MIEL left and ${formatEther(offered)} were offered`);
  return problems;
}

/** Operators of the first day whose judge is missing or another. */
export async function judgeProblems(live: Live): Promise<string[]> {
  const { JudgeRegistry } = live.contracts;
  const problems: string[] = [];
  for (const { name, since, contract } of OPCODES) {
    const judge = live.deployment.addresses[contract as ContractName];
    const codeHash = keccak256(await live.twin.provider.getCode(judge));
    for (const version of since) {
      const found = await JudgeRegistry.judge(opcodeOf(name, version), codeHash);
      if (found.toLowerCase() !== judge.toLowerCase())
        problems.push(`JudgeRegistry: ${name}-${version} is judged by ${whoIs(live, found)} instead of ${contract}`);
    }
  }
  return problems;
}
