import type { Essaim } from '@essaim/sdk';
import { type Failure, watch } from '@essaim/sdk/node';
import type { Logger } from 'pino';
import { requireAccount } from './account/account.ts';
import { connectTo } from './connect.ts';
import { requireContracts } from './deployed.ts';
import { endpointWatcher } from './endpoints/watcher.ts';
import { diskWatch } from './health/disk.ts';
import { Pulse } from './health/pulse.ts';
import { type Pages, serveHealth } from './health/server.ts';
import { DeliveringSigner } from './journal/delivering-signer.ts';
import { accountFolder, openSender } from './journal/open-sender.ts';
import { logEvent, openLog } from './log/logger.ts';
import type { Secrets } from './log/secrets.ts';
import { chainGauges } from './metrics/chain-gauges.ts';
import { costGauges } from './metrics/cost-gauges.ts';
import { Metrics } from './metrics/metrics.ts';
import { powerGauges } from './metrics/power-gauges.ts';
import {
  type accountTable,
  type connectionTable,
  type costTable,
  folderOf,
  type transactionTable,
  type watchingTable,
} from './options/common.ts';
import type { Option, OptionTable, ValuesOf } from './options/option.ts';
import { need } from './options/read.ts';
import type { Identity } from './program.ts';
import { type Stop, stopSignal } from './stop-signal.ts';
import { type Begin, untilThere } from './until-there.ts';

/** Tells what happens. */
export type Say = (event: object) => void;

/** What the options of a program hold that only looks. */
export type KeylessTable = typeof connectionTable & typeof watchingTable & OptionTable;

/** What the options of a program hold that acts for an account. */
export type DaemonTable = KeylessTable &
  typeof accountTable &
  typeof transactionTable &
  typeof costTable & { readonly data: Option<string> };

/** What a daemon works with. */
export interface Daemon {
  readonly essaim: Essaim;
  readonly say: Say;
  readonly log: Logger;
  /** Aborted when the daemon is told to stop. */
  readonly signal: AbortSignal;
  /** For those who end what they began before. */
  readonly stop: Stop;
  readonly metrics: Metrics;
  /** Runs a part until it is told to stop, or `leaving` is aborted, and feels its pulse. */
  part(name: string, run: (signal: AbortSignal) => Promise<void>, leaving?: AbortSignal): Promise<void>;
}

/** Milliseconds between two looks at what the account has and the machine draws. */
const GAUGES = 60_000;

/** Milliseconds between two looks at the disk. */
const ROOM = 10_000;

type Work = (daemon: Daemon) => Promise<void>;

/**
 * Runs `work` for an account until SIGINT or SIGTERM aborts its signal. What was being done then is found again on the
 * chain at the next start, so nothing is lost by stopping anywhere. `pages` are served beside the metrics. OPTION_MISSING,
 * KEY_MISSING, LISTEN_FAILED, JOURNAL_LOCKED, and what connecting throws
 */
export async function runDaemon<T extends DaemonTable>(
  identity: Identity<T>,
  options: ValuesOf<T>,
  secrets: Secrets,
  work: Work,
  pages?: Pages,
): Promise<void> {
  const values = options as ValuesOf<DaemonTable>;
  need(values, identity.prefix, 'rpc', 'deployment', 'storage');
  const { privateKey } = await requireAccount(values, secrets);
  const signer = new DeliveringSigner(privateKey);
  await run(identity, values, secrets, pages, signer, async (daemon) => {
    const { essaim, metrics, say, signal, listens, begin } = daemon;
    const wallet = essaim.signer as DeliveringSigner;
    const folder = accountFolder(folderOf(values.data), essaim.deployment.chainId, wallet.address);
    const { sender, journal } = await begin(() => openSender(wallet, folder, values, metrics, say));
    wallet.deliverBy(sender);
    const tell = (failure: Failure): void => say({ event: 'chain', ...failure });
    const fills = (failure: Failure): void => say({ event: 'disk', ...failure });
    const room = diskWatch(folder, metrics);
    const { dailyGas, watts } = values;
    const { bondBudget } = values as { bondBudget?: bigint };
    const earned = chainGauges(essaim, wallet.address, metrics);
    const spent = costGauges({ essaim, account: wallet.address, journal, metrics, dailyGas, bondBudget });
    const gauges = () => Promise.all([earned(), spent()]).then(() => undefined);
    try {
      await Promise.all([
        work(daemon),
        sender.run(signal),
        daemon.part('disk', (until) => watch(room, Math.min(ROOM, 50 * values.polling), until, fills)),
        watch(powerGauges(journal, metrics, watts), GAUGES, signal, fills),
        ...(listens ? [watch(gauges, GAUGES, signal, tell)] : []),
      ]);
    } finally {
      journal.close();
    }
  });
}

/** Runs `work` without an account: nothing can be sent. OPTION_MISSING, LISTEN_FAILED, and what connecting throws */
export const runKeyless = <T extends KeylessTable>(
  identity: Identity<T>,
  options: ValuesOf<T>,
  secrets: Secrets,
  work: Work,
  pages?: Pages,
): Promise<void> => run(identity, options as ValuesOf<KeylessTable>, secrets, pages, undefined, work);

async function run(
  { name, prefix }: Pick<Identity<OptionTable>, 'name' | 'prefix'>,
  options: ValuesOf<KeylessTable>,
  secrets: Secrets,
  pages: Pages | undefined,
  signer: DeliveringSigner | undefined,
  work: (daemon: Daemon & { listens: boolean; begin: Begin }) => Promise<void>,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const stop = stopSignal();
  const signal = stop.now;
  const metrics = new Metrics();
  const lost = () => metrics.add('essaim_log_lines_lost_total');
  const log = openLog({ name, level: values.logLevel, secrets, lost });
  const pulse = new Pulse(1_000 * values.cycleLimit, metrics);
  const say: Say = (event) => {
    metrics.count(event);
    logEvent(log, event);
  };
  const connected = signer && ((provider: Essaim['provider']) => signer.connected(provider));
  const health = values.listen && (await serveHealth(values.listen, metrics, pulse, pages));
  metrics.set('essaim_start_time_seconds', Date.now() / 1_000);
  const part: Daemon['part'] = (which, cycle, leaving) =>
    cycle(pulse.feel(which, leaving ? AbortSignal.any([signal, leaving]) : signal)).finally(() => pulse.forget(which));
  const begin = pulse.expecting('chain', untilThere(values.polling, signal, say));
  let essaim: Essaim | undefined;
  try {
    const own = await connectTo(values, connected, endpointWatcher(metrics, say), begin);
    essaim = own;
    await begin(() => requireContracts(own));
    const { chainId } = own.deployment;
    metrics.set('essaim_info', 1, { daemon: name, chain: String(chainId), address: signer?.address ?? '' });
    say({ event: 'ready', address: signer?.address, chainId, listen: health?.port });
    await work({ essaim: own, say, log, signal, stop, metrics, part, begin, listens: health !== undefined });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    health?.server.close();
    essaim?.close();
  }
  if (signal.aborted) process.exit(0);
}
