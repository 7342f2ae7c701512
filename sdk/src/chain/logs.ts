import type { Log, Provider } from 'ethers';

/** What to look for: the logs of one address with these topics, from a block on. */
export interface LogFilter {
  address: string;
  topics?: (string | string[] | null)[];
  fromBlock: number;
}

/** Most public endpoints refuse wider ranges. */
const SPAN = 2_000;

/** Logs from `fromBlock` up to `toBlock`, oldest first, in spans that public endpoints accept. */
export async function* pastLogs(provider: Provider, filter: LogFilter, toBlock: number): AsyncGenerator<Log> {
  for (let from = filter.fromBlock; from <= toBlock; from += SPAN) {
    const to = Math.min(from + SPAN - 1, toBlock);
    yield* await provider.getLogs({ address: filter.address, topics: filter.topics, fromBlock: from, toBlock: to });
  }
}

/** All matching logs up to the head, oldest first: asked for at once, or in spans where that is refused. */
export async function allLogs(provider: Provider, filter: LogFilter): Promise<Log[]> {
  try {
    return await provider.getLogs({ ...filter, toBlock: 'latest' });
  } catch {
    const logs: Log[] = [];
    for await (const log of pastLogs(provider, filter, await provider.getBlockNumber())) logs.push(log);
    return logs;
  }
}

/** The newest matching log from `fromBlock` up to the head: asked for at once, or in spans where that is refused. */
export async function newestLog(provider: Provider, filter: LogFilter): Promise<Log | undefined> {
  try {
    return (await provider.getLogs({ ...filter, toBlock: 'latest' })).at(-1);
  } catch {
    for (let to = await provider.getBlockNumber(); to >= filter.fromBlock; to -= SPAN) {
      const fromBlock = Math.max(filter.fromBlock, to - SPAN + 1);
      const found = (await provider.getLogs({ ...filter, fromBlock, toBlock: to })).at(-1);
      if (found) return found;
    }
    return undefined;
  }
}
