import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from './ratio.ts';

/** Processes that this one started and that still live, and theirs. */
function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    (read(`/proc/${pid}/task/${task}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}

/** Nanoseconds that a process has run, all of its threads together. */
const ranFor = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number((read(`/proc/${pid}/task/${task}/schedstat`) ?? '0').split(' ')[0]),
    0,
  );

/** Milliseconds of processor time of this process and of all that it started and that still live. Linux only. */
export const treeTime: Clock = () =>
  [process.pid, ...descendants(process.pid)].reduce((sum, pid) => sum + ranFor(pid), 0) / 1e6;
