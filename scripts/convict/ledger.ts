import type { Deployment } from '@essaim/sdk';
import { Interface, type JsonRpcProvider } from 'ethers';
import { artifacts, type ContractName, contractNames } from '../lib/artifacts.ts';

/** Transactions of one kind. */
export interface Entry {
  /** Contract and function. */
  readonly call: string;
  readonly count: number;
  /** Gas of all of them, and of the most expensive one. */
  readonly gas: bigint;
  readonly most: bigint;
  /** Bytes of calldata of all of them. */
  readonly bytes: number;
}

/** What was sent to the protocol's contracts since a block, by kind, in the order in which each kind came first. */
export async function ledger(chain: JsonRpcProvider, { addresses }: Deployment, fromBlock: number): Promise<Entry[]> {
  const names = new Map(Object.entries(addresses).map(([name, address]) => [address.toLowerCase(), name]));
  const interfaces = new Map(contractNames.map((name) => [name as string, new Interface(artifacts(name).abi)]));
  const entries = new Map<string, Entry>();
  const head = await chain.getBlockNumber();
  for (let number = fromBlock; number <= head; number++) {
    const block = await chain.getBlock(number, true);
    for (const { to, data, hash } of block?.prefetchedTransactions ?? []) {
      const name = names.get(to?.toLowerCase() ?? '') as ContractName | undefined;
      if (!name) continue;
      const call = `${name}.${interfaces.get(name)?.parseTransaction({ data })?.name}`;
      const { gasUsed } = (await chain.getTransactionReceipt(hash))!;
      const { count, gas, most, bytes } = entries.get(call) ?? { count: 0, gas: 0n, most: 0n, bytes: 0 };
      entries.set(call, {
        call,
        count: count + 1,
        gas: gas + gasUsed,
        most: most > gasUsed ? most : gasUsed,
        bytes: bytes + (data.length - 2) / 2,
      });
    }
  }
  return [...entries.values()];
}
