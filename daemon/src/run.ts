import type { Essaim } from '@essaim/sdk';
import { type Failure, watch } from '@essaim/sdk/node';
import type { Logger } from 'pino';
import { requireAccount } from './account/account.ts';
import { connectTo } from './connect.ts';
import { Pulse } from './health/pulse.ts';
import { type Pages, serveHealth } from './health/server.ts';
import { DeliveringSigner } from './journal/delivering-signer.ts';
import { accountFolder, openSender } from './journal/open-sender.ts';
import { logEvent, openLog } from './log/logger.ts';
import type { Secrets } from './log/secrets.ts';
import { chainGauges } from './metrics/chain-gauges.ts';
import { Metrics } from './metrics/metrics.ts';
import {
  type accountTable,
  type connectionTable,
  folderOf,
  type transactionTable,
  type watchingTable,
} from './options/common.ts';
import type { Option, OptionTable, ValuesOf } from './options/option.ts';
import { need } from './options/read.ts';
import type { Identity } from './program.ts';
import { stopSignal } from './stop-signal.ts';

/** Tells what happens. */
export type Say = (event: object) => void;

/** What every daemon's options hold. */
export type DaemonTable = typeof connectionTable &
  typeof accountTable &
  typeof transactionTable &
  typeof watchingTable & { readonly data: Option<string> } & OptionTable;

/** What a daemon works with. */
export interface Daemon {
  readonly essaim: Essaim;
  readonly say: Say;
  readonly log: Logger;
  /** Aborted when the daemon is told to stop. */
  readonly signal: AbortSignal;
  readonly metrics: Metrics;
  /** Runs a part until it is told to stop, and feels its pulse. */
  part(name: string, run: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

export interface RunOptions {
  /** It runs without an account where none is named. */
  readonly keyless?: boolean;
  /** Served beside the metrics. */
  readonly pages?: Pages;
}

/** Milliseconds between two looks at what the account has. */
const GAUGES = 60_000;

/**
 * Runs `work` until SIGINT or SIGTERM aborts its signal. What was being done then is found again on the chain at the next
 * start, so nothing is lost by stopping anywhere. OPTION_MISSING, KEY_MISSING, LISTEN_FAILED, and what connecting throws
 */
export async function runDaemon<T extends DaemonTable>(
  { name, prefix }: Identity<T>,
  options: ValuesOf<T>,
  secrets: Secrets,
  work: (daemon: Daemon) => Promise<void>,
  { keyless = false, pages }: RunOptions = {},
): Promise<void> {
  const values = need(options as ValuesOf<DaemonTable>, prefix, 'rpc', 'deployment', 'storage');
  const log = openLog({ name, level: values.logLevel, secrets });
  const signal = stopSignal();
  const metrics = new Metrics();
  const pulse = new Pulse(1_000 * values.cycleLimit, metrics);
  const say: Say = (event) => {
    metrics.count(event);
    logEvent(log, event);
  };
  const account = keyless ? undefined : await requireAccount(values, secrets);
  const signer = account && new DeliveringSigner(account.privateKey);
  const essaim = await connectTo(values, signer && ((provider) => signer.connected(provider)));
  const address = account?.address;
  const { chainId } = essaim.deployment;
  const health = values.listen && (await serveHealth(values.listen, metrics, pulse, pages));
  const wallet = essaim.signer as DeliveringSigner | undefined;
  const sending =
    wallet && openSender(wallet, accountFolder(folderOf(values.data), chainId, wallet.address), values, metrics, say);
  if (sending) wallet.deliverBy(sending.sender);
  metrics.set('essaim_info', 1, { daemon: name, chain: String(chainId), address: address ?? '' });
  metrics.set('essaim_start_time_seconds', Date.now() / 1_000);
  const part: Daemon['part'] = (which, run) => run(pulse.feel(which, signal));
  const tell = (failure: Failure): void => say({ event: 'chain', ...failure });
  try {
    say({ event: 'ready', address, chainId, listen: health?.port });
    const measured = address && health ? [watch(chainGauges(essaim, address, metrics), GAUGES, signal, tell)] : [];
    const sent = sending ? [sending.sender.run(signal)] : [];
    await Promise.all([work({ essaim, say, log, signal, metrics, part }), ...measured, ...sent]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    health?.server.close();
    sending?.journal.close();
    essaim.close();
  }
  if (signal.aborted) process.exit(0);
}
