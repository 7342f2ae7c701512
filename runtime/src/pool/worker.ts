/** The program of one worker, a thread or a process: it does what it is ordered, one order after the other. */
import { writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { useFastHashes } from '../hashes/fast-hashes.ts';
import type { Outcome, SentOrder, Told, WorkerSettings } from './messages.ts';
import { Workbench } from './workbench.ts';

/** The buffers of what is told: a thread hands them over as they are. */
function buffersOf(outcomes: readonly Outcome[]): ArrayBuffer[] {
  const buffers = outcomes.flatMap((outcome) =>
    'made' in outcome && typeof outcome.made === 'object'
      ? outcome.made.values.flatMap((value) => value?.bytes.buffer ?? [])
      : [],
  );
  return [...new Set(buffers)] as ArrayBuffer[];
}

useFastHashes();
const settings: WorkerSettings = parentPort ? workerData : JSON.parse(process.argv[2]);
const bench = new Workbench(settings);

const tell = (told: Told): void => {
  if (parentPort) parentPort.postMessage(told, 'outcomes' in told ? buffersOf(told.outcomes) : []);
  else process.send!(told);
};

let last: Promise<void> = Promise.resolve();
const take = (order: SentOrder): void => {
  last = last.then(async () => {
    const began = performance.now();
    const outcomes = await bench.work(order);
    tell({ outcomes, milliseconds: performance.now() - began });
  });
};

if (parentPort) {
  parentPort.on('message', take);
} else {
  process.on('message', take);
  process.on('disconnect', () => process.exit());
  // what stops the daemon by a signal to its whole group lets the daemon stop its workers
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
  try {
    // where memory runs out the system takes this process, not one that holds keys
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // only Linux has it
  }
}
tell({ ready: true });
