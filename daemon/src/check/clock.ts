import type { Provider } from 'ethers';
import { type Check, ok, warning, wrong } from './check.ts';

/** Seconds: more than the second that a Date header is exact to, and a slow answer. */
const SLIGHT = 5;
const BAD = 30;

/** Whether this clock agrees with those of the servers it talks to, and with the chain. */
export const clockCheck = (urls: readonly string[], provider: Provider): Check => ({
  name: 'clock',
  async run() {
    const skews = (await Promise.all(urls.map(skewTo))).filter((skew) => skew !== undefined);
    const head = await provider.getBlock('latest');
    // a block cannot be of the future
    const behind = head ? head.timestamp - Date.now() / 1000 : 0;
    if (behind > BAD && skews.every((skew) => Math.abs(skew) > SLIGHT)) {
      return wrong(`this clock is ${Math.round(behind)} s behind the chain`, SET_IT);
    }
    if (skews.length === 0) return warning('no server told the time, so that the clock was not compared', SET_IT);
    const worst = skews.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    const told = `${Math.abs(worst).toFixed(1)} s ${worst < 0 ? 'behind' : 'ahead of'} the servers it talks to`;
    if (Math.abs(worst) > BAD) return wrong(told, SET_IT);
    return Math.abs(worst) > SLIGHT ? warning(told, SET_IT) : ok(told);
  },
});

const SET_IT = 'let NTP set it (timedatectl set-ntp true)';

/** Seconds by which this clock is ahead of a server's; undefined if it tells none. */
async function skewTo(url: string): Promise<number | undefined> {
  const began = Date.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  await response?.body?.cancel();
  const date = Date.parse(response?.headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : ((began + Date.now()) / 2 - date) / 1000;
}
