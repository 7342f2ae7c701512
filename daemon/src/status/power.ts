import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a machine draws, in watts, by what was read; `stated` where the owner said it. */
export type Power = ReadonlyMap<'processor' | 'cards' | 'stated', number>;

/** Where Linux shows the energy that processors took (RAPL). */
const RAPL = '/sys/class/powercap';
/** Milliseconds between two readings. */
const SAMPLE = 1_000;

/**
 * What this machine draws now: its processors by RAPL and its cards by nvidia-smi, as far as they may be read. `stated`,
 * in watts, stands for all of it where the processors cannot be. Empty where nothing is known.
 */
export async function powerNow(stated?: number, folder = RAPL, sample = SAMPLE): Promise<Power> {
  const [processor, cards] = await Promise.all([processorPower(folder, sample), cardPower()]);
  if (processor === undefined && stated !== undefined) return new Map([['stated', stated]]);
  const found: ['processor' | 'cards', number | undefined][] = [
    ['processor', processor],
    ['cards', cards],
  ];
  return new Map(found.flatMap(([source, watts]) => (watts === undefined ? [] : [[source, watts]])));
}

/** Watts in all. */
export const totalOf = (power: Power): number => [...power.values()].reduce((sum, watts) => sum + watts, 0);

async function processorPower(folder: string, sample: number): Promise<number | undefined> {
  try {
    // a package holds what its parts show once more
    const packages = (await readdir(folder)).filter((name) => /^intel-rapl:\d+$/.test(name));
    if (packages.length === 0) return undefined;
    const read = (name: string, file: string) => readFile(join(folder, name, file), 'utf8').then(Number);
    const energies = () => Promise.all(packages.map((name) => read(name, 'energy_uj')));
    const [ranges, before, began] = [
      await Promise.all(packages.map((name) => read(name, 'max_energy_range_uj'))),
      await energies(),
      performance.now(),
    ];
    await new Promise((resolve) => setTimeout(resolve, sample));
    const after = await energies();
    const seconds = (performance.now() - began) / 1_000;
    const joules = after.map((now, i) => (now >= before[i] ? now - before[i] : now + ranges[i] - before[i]) / 1e6);
    const watts = joules.reduce((sum, each) => sum + each, 0) / seconds;
    return Number.isFinite(watts) ? watts : undefined;
  } catch {
    // not there, or for root alone
    return undefined;
  }
}

async function cardPower(): Promise<number | undefined> {
  try {
    const query = ['--query-gpu=power.draw', '--format=csv,noheader,nounits'];
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 });
    const watts = stdout.trim().split('\n').map(Number).filter(Number.isFinite);
    return watts.length > 0 ? watts.reduce((sum, each) => sum + each, 0) : undefined;
  } catch {
    return undefined;
  }
}
