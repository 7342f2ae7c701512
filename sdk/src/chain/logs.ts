import type { EventLog, Log, Provider } from 'ethers';
import { pause } from './wait.ts';

/** What to watch: the logs of one address with these topics, from a block on. */
export interface LogFilter {
  address: string;
  topics?: (string | string[] | null)[];
  fromBlock: number;
}

/** Most public endpoints refuse wider ranges. */
const SPAN = 2_000;

/** Logs from `fromBlock` up to the head, oldest first, in spans that public endpoints accept. */
export async function* pastLogs(provider: Provider, filter: LogFilter, toBlock: number): AsyncGenerator<Log> {
  for (let from = filter.fromBlock; from <= toBlock; from += SPAN) {
    const to = Math.min(from + SPAN - 1, toBlock);
    yield* await provider.getLogs({ address: filter.address, topics: filter.topics, fromBlock: from, toBlock: to });
  }
}

/**
 * Every matching log from `fromBlock` on, for ever, oldest first. A block that answers an error is asked again; the
 * iteration ends only by the signal.
 */
export async function* watchLogs(
  provider: Provider,
  filter: LogFilter,
  { interval, signal, confirmations = 0 }: { interval: number; signal: AbortSignal; confirmations?: number },
): AsyncGenerator<Log | EventLog> {
  let next = filter.fromBlock;
  let wait = interval;
  while (!signal.aborted) {
    try {
      const head = (await provider.getBlockNumber()) - confirmations;
      const logs: Log[] = [];
      if (head >= next)
        for await (const log of pastLogs(provider, { ...filter, fromBlock: next }, head)) logs.push(log);
      next = Math.max(next, head + 1);
      wait = interval;
      yield* logs;
    } catch (error) {
      if (signal.aborted) return;
      wait = Math.min(wait * 2, 30_000);
      if (wait >= 30_000) throw error;
    }
    await pause(wait, signal).catch(() => undefined);
  }
}
