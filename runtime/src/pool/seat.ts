import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Mailbox } from './mailbox.ts';
import type { Order, SentOrder, Told, WorkerSettings } from './messages.ts';
import type { Parcel } from './parcel.ts';

/** Where a worker sits: a thread of this process, or a process of its own that can be killed at any moment. */
export interface Seat {
  /** Gives it an order; this process lives until it is done. */
  send(order: Order, parcel: Parcel): void;
  /** Bytes of memory that it has for itself; null where nobody can say. */
  memory(): number | null;
  end(): void;
}

export interface SeatEvents {
  told(told: Told): void;
  /** It is gone: what it had in hand is lost. */
  ended(how: string): void;
}

const PROGRAM = new URL('./worker.ts', import.meta.url);

/**
 * A thread: results come by handing over their memory. Native code in it can neither be stopped nor crash alone: one that
 * is told to end does so when what it runs returns, and nobody hears of it any more.
 */
export function thread(settings: WorkerSettings, heap: number, { told, ended }: SeatEvents): Seat {
  const worker = new Worker(PROGRAM, {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(64, Math.ceil(heap / 2 ** 20)), maxYoungGenerationSizeMb: 64 },
  });
  let why = '';
  let isBusy = true;
  let isEnding = false;
  worker.on('message', (said: Told) => {
    isBusy = false;
    if (isEnding) void worker.terminate();
    else {
      worker.unref();
      told(said);
    }
  });
  worker.on('error', (error) => {
    why = `: ${error.message}`;
  });
  worker.on('exit', (code) => ended(`with exit code ${code}${why}`));
  return {
    send(order, { tasks, size, fill }) {
      isBusy = true;
      worker.ref();
      const bytes = new Uint8Array(size);
      fill(bytes);
      worker.postMessage({ ...order, tasks, bytes } satisfies SentOrder, [bytes.buffer]);
    },
    memory: () => null,
    end() {
      isEnding = true;
      // whoever waits for its end would wait in a process that has nothing left to do
      worker.ref();
      if (!isBusy) void worker.terminate();
    },
  };
}

/** Variables that a worker needs to find libraries and devices; keys and passwords are not among them. */
const PASSED = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|TZ|LD_|DYLD_|CUDA|NVIDIA|VK_|XDG_|SYSTEMROOT|NODE_EXTRA)/i;

/** What a process that opens anybody's models may know of this one's environment; `device`: the only GPU that it sees. */
export const workerEnvironment = (device?: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name))),
  ...(device === undefined ? {} : { CUDA_VISIBLE_DEVICES: device }),
});

/** There are as many workers as processors: a collector's helpers would take the others' time. */
const ONE_THREAD = ['--single-threaded-gc'];

/** Last words of a process that are kept. */
const WORDS = 300;

/** A process of its own, with none of this one's secrets; `device`: the only GPU that it sees. */
export function child(settings: WorkerSettings, device: string | undefined, { told, ended }: SeatEvents): Seat {
  const mailbox = new Mailbox();
  const worker = fork(PROGRAM, [JSON.stringify(settings)], {
    ...{ serialization: 'advanced', env: workerEnvironment(device), execArgv: [...process.execArgv, ...ONE_THREAD] },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', mailbox.descriptor ?? 'ignore'],
  });
  let words = '';
  worker.stderr!.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-WORDS);
  });
  const parts = [worker, worker.channel, worker.stderr] as unknown as NodeJS.RefCounted[];
  worker.on('message', (said: Told) => {
    for (const part of parts) part.unref();
    told(said);
  });
  worker.on('error', (error) => ended(error.message));
  worker.on('close', () => mailbox.close());
  worker.on('close', (code, signal) => ended(`${signal ?? `with exit code ${code}`}${words && `: ${words.trim()}`}`));
  return {
    send(order, parcel) {
      for (const part of parts) part.ref();
      const sent: SentOrder = { ...order, tasks: parcel.tasks, bytes: mailbox.put(parcel) };
      worker.send(sent, () => {});
    },
    memory: () => residentBytes(worker.pid),
    end() {
      for (const part of parts) part.ref();
      worker.kill('SIGKILL');
    },
  };
}

/** What the system says that a process holds in memory. */
function residentBytes(pid: number | undefined): number | null {
  try {
    return 4_096 * Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  } catch {
    return null;
  }
}
