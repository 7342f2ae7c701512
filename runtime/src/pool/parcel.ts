import type { Place, Task } from './messages.ts';

/** What every element type may lie at. */
const ALIGNMENT = 8;

const places = (task: Task): readonly (Uint8Array | null)[] =>
  task.kind === 'trace' ? task.inputs : [...task.inputs, ...task.values];

const padded = (length: number): number => ALIGNMENT * Math.ceil(length / ALIGNMENT);

/** Tasks with all their bytes in one array of its own: what is sent is copied once, and is one thing to send. */
export function pack(tasks: readonly Task[]): { tasks: Task<Place>[]; bytes: Uint8Array<ArrayBuffer> } {
  const size = tasks.flatMap(places).reduce((sum, bytes) => sum + padded(bytes?.length ?? 0), 0);
  const all = new Uint8Array(size);
  let end = 0;
  const place = (bytes: Uint8Array): Place => {
    const at = end;
    all.set(bytes, at);
    end += padded(bytes.length);
    return [at, bytes.length];
  };
  return { tasks: tasks.map((task) => map(task, place)), bytes: all };
}

/** The tasks as they were packed; their bytes are views. */
export function unpack(tasks: readonly Task<Place>[], bytes: Uint8Array): Task[] {
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  return tasks.map((task) => map(task, ([at, length]) => aligned.subarray(at, at + length)));
}

function map<A, B>(task: Task<A>, change: (bytes: A) => B): Task<B> {
  const inputs = task.inputs.map(change);
  if (task.kind === 'trace') return { ...task, inputs };
  return { ...task, inputs, values: task.values.map((value) => (value === null ? null : change(value))) };
}
