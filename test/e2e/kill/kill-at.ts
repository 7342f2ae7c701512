/**
 * Kills its process at a state of a transaction: `node --import ./test/e2e/kill/kill-at.ts …` with
 * KILL_AT="accepting job: signed". A transaction of a kind that no scene kills it at is an error.
 */
import { subscribe } from 'node:diagnostics_channel';
import { DEEDS, isDeed } from './deeds.ts';

const [deed, deadly] = (process.env.KILL_AT ?? '').split(': ');
const known = Object.values(DEEDS).flat();

subscribe('essaim.transaction', (message) => {
  const { state, doing } = message as { state: string; doing: string };
  if (!known.some((each) => isDeed(doing, each))) throw new Error(`no test kills a daemon at "${doing}"`);
  if (deed && isDeed(doing, deed) && state === deadly) process.kill(process.pid, 'SIGKILL');
});
