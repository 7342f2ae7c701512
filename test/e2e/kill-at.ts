/** Kills its process at a state of a transaction: `node --import ./test/e2e/kill-at.ts …` with KILL_AT="accepting signed". */
import { subscribe } from 'node:diagnostics_channel';

const [deed, deadly] = (process.env.KILL_AT ?? '').split(' ');

subscribe('essaim.transaction', (message) => {
  const { state, doing } = message as { state: string; doing: string };
  if (deed && doing.startsWith(deed) && state === deadly) process.kill(process.pid, 'SIGKILL');
});
