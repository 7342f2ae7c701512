import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, ok, warning, wrong } from './check.ts';

const GIB = 2 ** 30;
const LITTLE = 10;
const NONE = 1;

/** Whether the data folder can be written to, and has room. */
export const diskCheck = (folder: string): Check => ({
  name: 'disk',
  async run() {
    try {
      mkdirSync(folder, { recursive: true });
      const probe = mkdtempSync(join(folder, '.check-'));
      writeFileSync(join(probe, 'probe'), 'probe', { flush: true });
      rmSync(probe, { recursive: true });
    } catch (cause) {
      return wrong(`${folder} cannot be written to: ${(cause as Error).message}`, 'give another --data, or its rights');
    }
    const { bavail, bsize } = statfsSync(folder);
    const free = (bavail * bsize) / GIB;
    const told = `${free.toFixed(1)} GiB are free in ${folder}`;
    if (free < NONE) return wrong(told, 'make room: what cannot be kept cannot be answered for');
    return free < LITTLE ? warning(told, 'traces may fill it: make room, or give another --data') : ok(told);
  },
});
