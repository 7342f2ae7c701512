import type { Essaim } from '@essaim/sdk';
import type { Logger } from 'pino';
import { requireAccount } from './account/account.ts';
import { connectTo } from './connect.ts';
import { logEvent, openLog } from './log/logger.ts';
import type { Secrets } from './log/secrets.ts';
import type { accountTable, connectionTable, watchingTable } from './options/common.ts';
import type { OptionTable, ValuesOf } from './options/option.ts';
import { need } from './options/read.ts';
import type { Identity } from './program.ts';

/** Tells what happens. */
export type Say = (event: object) => void;

/** What every daemon's options hold. */
export type DaemonTable = typeof connectionTable & typeof accountTable & typeof watchingTable & OptionTable;

/** What a daemon works with. */
export interface Daemon {
  readonly essaim: Essaim;
  readonly say: Say;
  readonly log: Logger;
  /** Aborted when the daemon is told to stop. */
  readonly signal: AbortSignal;
}

/** Milliseconds after which a daemon that was told to stop is stopped. */
const LINGER = 5_000;

/**
 * Runs `work` until SIGINT or SIGTERM aborts its signal. What was being done then is found again on the chain at the next
 * start, so nothing is lost by stopping anywhere. OPTION_MISSING, KEY_MISSING, and what connecting throws
 */
export async function runDaemon<T extends DaemonTable>(
  { name, prefix }: Identity<T>,
  options: ValuesOf<T>,
  secrets: Secrets,
  work: (daemon: Daemon) => Promise<void>,
): Promise<void> {
  const values = need(options as ValuesOf<DaemonTable>, prefix, 'rpc', 'deployment', 'storage');
  const log = openLog({ name, level: values.logLevel, secrets });
  const stop = stopSignal();
  const account = await requireAccount(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  const say: Say = (event) => logEvent(log, event);
  try {
    say({ event: 'ready', address: account.address, chainId: essaim.deployment.chainId });
    await work({ essaim, say, log, signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    essaim.close();
  }
  if (stop.aborted) process.exit(0);
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      setTimeout(() => process.exit(0), LINGER).unref();
      stop.abort(new DOMException(`told to stop by ${name}`, 'AbortError'));
    });
  }
  return stop.signal;
}
