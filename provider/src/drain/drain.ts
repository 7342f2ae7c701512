import type { Stop } from '@essaim/daemon';
import { type Essaim, pause } from '@essaim/sdk';
import type { ProviderEvent } from '../events.ts';
import type { HeldJob } from '../open-jobs.ts';
import { drainRequested, endDrain, requestDrain } from './request.ts';

export interface DrainOptions {
  readonly essaim: Essaim;
  readonly stop: Stop;
  /** Aborted when nothing new is to be accepted. */
  readonly leaving: AbortSignal;
  /** Where a request for it is kept. */
  readonly folder: string;
  /** Seconds for which it goes on after a signal. */
  readonly limit: number;
  /** Jobs that are not over; undefined before the chain was read. */
  readonly held: () => readonly HeldJob[] | undefined;
  /** Whether questions wait for an answer. */
  readonly isAsked: () => boolean;
  readonly say: (event: ProviderEvent) => void;
}

/** Milliseconds between two looks. */
const LOOKS = 1_000;

/**
 * Waits until the daemon is told to leave, by a signal or by a request in its folder; then until what was accepted is
 * submitted, and every claim final that can be within the limit; then stops it.
 */
export async function drainWhenTold(options: DrainOptions): Promise<void> {
  const { essaim, stop, leaving, folder, limit, held, isAsked, say } = options;
  const { now } = stop;
  const look = () => pause(Math.min(LOOKS, essaim.pollingInterval), AbortSignal.any([now, leaving])).catch(() => {});
  while (!leaving.aborted && !now.aborted) {
    if (drainRequested(folder)) stop.leave('asked to drain');
    else await look();
  }
  if (now.aborted) return;
  const { until } = drainRequested(folder) ?? { until: Date.now() + 1_000 * limit };
  const seconds = (): number | null => (until === null ? null : (until - Date.now()) / 1_000);
  say({ event: 'draining', seconds: seconds(), ...counts(held()) });
  while (!now.aborted && (await isWorthWaiting(essaim, held(), isAsked(), seconds()))) {
    await pause(Math.min(LOOKS, essaim.pollingInterval), now).catch(() => {});
  }
  if (now.aborted) return;
  const left = held();
  say({ event: 'drained', ...counts(left), until: left?.length ? Math.max(...left.map((job) => job.until)) : null });
  endDrain(folder);
  stop.end('drained');
}

/** Whether something that is held can still be ended in so many seconds; null: in any number of them. */
async function isWorthWaiting(
  essaim: Essaim,
  held: readonly HeldJob[] | undefined,
  isAsked: boolean,
  seconds: number | null,
): Promise<boolean> {
  if (seconds !== null && seconds <= 0) return false;
  if (held === undefined || isAsked || held.some(({ stage }) => stage === 'accepted')) return true;
  const left = seconds;
  if (left === null) return held.length > 0 || (await hasTraining(essaim).catch(() => true));
  const head = await essaim.provider.getBlock('latest').catch(() => null);
  return held.some(({ until }) => until <= (head?.timestamp ?? 0) + left);
}

/** Whether rounds of training are pending: when they end is not looked at. */
async function hasTraining({ staking, signer }: Essaim): Promise<boolean> {
  return (await staking.provision(await signer!.getAddress(), 'training')).locked > 0n;
}

function counts(held: readonly HeldJob[] = []): { accepted: number; submitted: number } {
  const accepted = held.filter(({ stage }) => stage === 'accepted').length;
  return { accepted, submitted: held.length - accepted };
}

/** Asks the daemon that uses a folder to drain, within so many seconds if any are given. */
export const askToDrain = (folder: string, seconds?: number): Promise<void> =>
  requestDrain(folder, { until: seconds === undefined ? null : Date.now() + 1_000 * seconds });
