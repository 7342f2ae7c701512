import { statfsSync } from 'node:fs';
import { byteLength, type Program } from '@essaim/protocol';
import type { Refusal } from '../refusal.ts';
import type { Task } from './capacity.ts';

const MIB = 2 ** 20;
/** Left free on the disk, for the journal and the system. */
const DISK_RESERVE = 256 * MIB;
/** A job's values are in memory as they were made, and as they are written and uploaded. */
const COPIES = 2;

/** Bytes that are free. */
export interface Room {
  readonly disk: number;
  readonly memory: number;
}

/** What is free in a folder's file system, and of the memory that this process may have. */
export function roomIn(folder: string): Room {
  const { bavail, bsize } = statfsSync(folder);
  return { disk: bavail * bsize, memory: process.availableMemory() };
}

/** Bytes that a job's inputs and committed values take on the disk and in memory. */
export function sizesOf(program: Program, count: number): { disk: number; memory: number } {
  const inputs = program.inputs.reduce((sum, { type }) => sum + byteLength(type), 0);
  const values = program.values.reduce((sum, { type }, i) => sum + (program.boundary[i] ? byteLength(type) : 0), 0);
  const disk = count * (inputs + values);
  return { disk, memory: COPIES * disk };
}

/** Why there is no room for a task beside those that are taken on and not on the disk yet; null if there is. */
export function roomRefusal(task: Task, others: Iterable<Task>, lanes: number, free: Room): Refusal | null {
  const all = [task, ...others];
  const disk = all.reduce((sum, each) => sum + (each.disk ?? 0), 0);
  const largest = all.map(({ memory }) => memory ?? 0).sort((a, b) => b - a);
  const memory = Math.max(task.memory ?? 0, sum(largest.slice(0, lanes)));
  const told = (bytes: number) => `${Math.ceil(bytes / MIB)} MiB`;
  if (disk + DISK_RESERVE > free.disk) {
    return {
      code: 'CAPACITY_DISK',
      message: `its trace and those of the jobs before it take ${told(disk)}, and ${told(free.disk)} of the disk are free`,
      help: 'make room, or give another --data: what cannot be kept cannot be answered for',
      mayPass: true,
    };
  }
  if (memory <= free.memory) return null;
  return {
    code: 'CAPACITY_MEMORY',
    message: `it takes about ${told(memory)} of memory beside what runs, and ${told(free.memory)} are free`,
    help: 'give the machine more memory, or a lower --concurrency',
    mayPass: true,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
