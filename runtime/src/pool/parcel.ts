import type { Place, Task } from './messages.ts';

/** Tasks whose bytes lie in one array: what is sent is copied once, and is one thing to send. */
export interface Parcel {
  readonly tasks: readonly Task<Place>[];
  /** Bytes of all of them. */
  readonly size: number;
  /** Writes them. */
  fill(all: Uint8Array): void;
}

/** What every element type may lie at. */
const ALIGNMENT = 8;

export function pack(tasks: readonly Task[]): Parcel {
  const parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let size = 0;
  const place = (bytes: Uint8Array): Place => {
    const at = size;
    parts.push({ at, bytes });
    size += ALIGNMENT * Math.ceil(bytes.length / ALIGNMENT);
    return [at, bytes.length];
  };
  const placed = tasks.map((task) => map(task, place));
  return {
    tasks: placed,
    size,
    fill(all) {
      for (const { at, bytes } of parts) all.set(bytes, at);
    },
  };
}

/** The tasks as they were packed; their bytes are views. */
export function unpack(tasks: readonly Task<Place>[], bytes: Uint8Array): Task[] {
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice();
  return tasks.map((task) => map(task, ([at, length]) => aligned.subarray(at, at + length)));
}

function map<A, B>(task: Task<A>, change: (bytes: A) => B): Task<B> {
  const inputs = task.inputs.map(change);
  if (task.kind !== 'remake') return { ...task, inputs };
  return { ...task, inputs, values: task.values.map((value) => (value === null ? null : change(value))) };
}
