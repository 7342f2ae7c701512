import { allLogs, type Essaim } from '@essaim/sdk';
import type { Interface, LogDescription } from 'ethers';

interface Emitter {
  getAddress(): Promise<string>;
  readonly interface: Interface;
}

/** Every event of these names that a contract emitted, oldest first. */
export async function eventsOf(essaim: Essaim, contract: unknown, ...names: string[]): Promise<LogDescription[]> {
  const { interface: abi, getAddress } = contract as Emitter;
  const topics = [names.map((name) => abi.getEvent(name)!.topicHash)];
  const filter = { address: await getAddress.call(contract), topics, fromBlock: essaim.deployment.startBlock };
  return (await allLogs(essaim.provider, filter)).map((log) => abi.parseLog(log)!);
}
