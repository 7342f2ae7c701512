import { readFileSync } from 'node:fs';

/**
 * Resident MiB that a process and its workers allocated, and the seconds of a processor that they took, at so many jobs
 * posted. What they map of files is not among it: the system takes that back and gives it again as it likes.
 */
export interface Sample {
  readonly jobs: number;
  readonly seconds: number;
  readonly mib: number;
  readonly processor: number;
}

/** Ticks of /proc in a second: Linux' own for programs. */
const TICKS = 100;

/** The memory of one process over time; a process that was started again begins a new series. */
export interface Series {
  readonly name: string;
  readonly pid: number;
  readonly samples: Sample[];
}

/** Resident memory of processes over time. */
export class Memory {
  readonly series: Series[] = [];

  /** Notes what each process has now. */
  look(processes: readonly { name: string; pid: number }[], jobs: number, seconds: number): void {
    for (const { name, pid } of processes) {
      const family = [pid, ...childrenOf(pid)];
      const mib = sum(family.map(allocatedMib));
      if (mib === 0) continue;
      let own = this.series.find((each) => each.pid === pid && each.name === name);
      if (!own) {
        own = { name, pid, samples: [] };
        this.series.push(own);
      }
      own.samples.push({ jobs, seconds, mib, processor: sum(family.map(processorSeconds)) });
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Workers that a process started for itself. */
function childrenOf(pid: number): number[] {
  try {
    const own = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return own.flatMap((child) => [child, ...childrenOf(child)]);
  } catch {
    return [];
  }
}

/** MiB; 0 where there is no such process, or the platform does not say. */
function allocatedMib(pid: number): number {
  try {
    const line = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1_024 : 0;
  } catch {
    return 0;
  }
}

function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // after the name, which may hold spaces: user and system time are the 12th and 13th
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / TICKS;
  } catch {
    return 0;
  }
}

/** Parts of a time of each of which the least memory counts. */
const PARTS = 10;

/**
 * MiB that a series grows by in a thousand jobs, by regression over its second half; null where it is too short. Of each
 * tenth of that the least counts: between two runs of its collector a process holds what nobody refers to any more.
 */
export function slopeOf({ samples }: Series): number | null {
  const second = samples.slice(Math.floor(samples.length / 2));
  if (second.length < 2 * PARTS) return null;
  const least = (some: Sample[]): Sample => some.reduce((low, each) => (each.mib < low.mib ? each : low));
  const bound = (part: number): number => Math.round((part * second.length) / PARTS);
  const half = Array.from({ length: PARTS }, (_, part) => least(second.slice(bound(part), bound(part + 1))));
  const mean = (of: (sample: Sample) => number) => half.reduce((sum, each) => sum + of(each), 0) / half.length;
  const [x, y] = [mean(({ jobs }) => jobs / 1_000), mean(({ mib }) => mib)];
  const spread = half.reduce((sum, { jobs }) => sum + (jobs / 1_000 - x) ** 2, 0);
  const together = half.reduce((sum, { jobs, mib }) => sum + (jobs / 1_000 - x) * (mib - y), 0);
  return spread === 0 ? null : together / spread;
}

/** Milliseconds of a processor, and of real time, that a job took in one of the quarters of a series; null where it is too short. */
export function workIn({ samples }: Series, quarter: 0 | 1 | 2 | 3): { processor: number; real: number } | null {
  const at = (part: number) => samples[Math.round((part * (samples.length - 1)) / 4)];
  const [from, to] = [at(quarter), at(quarter + 1)];
  const jobs = to.jobs - from.jobs;
  if (jobs < 1) return null;
  return {
    processor: (1_000 * (to.processor - from.processor)) / jobs,
    real: (1_000 * (to.seconds - from.seconds)) / jobs,
  };
}
