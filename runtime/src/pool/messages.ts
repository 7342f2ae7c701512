import type { Hash, Program, Weight } from '@essaim/protocol';
import type { Engine } from '../engine.ts';

/** What a worker needs of a program: names, types and the cut; bytes of those weights only that a value only lays out anew. */
export type ProgramPart = Pick<Program, 'id' | 'values' | 'boundary' | 'segments'> & {
  readonly inputs: readonly Pick<Program['inputs'][number], 'name' | 'type'>[];
  readonly weights: readonly Pick<Weight, 'name' | 'type' | 'bytes'>[];
};

/** How every model in a worker is opened. */
export interface WorkerSettings {
  readonly engines?: readonly Engine[];
  readonly folder?: string;
}

/** Runs the model on row-major inputs and commits to the trace. */
export interface TraceTask<Bytes = Uint8Array> {
  readonly kind: 'trace';
  readonly inputs: readonly Bytes[];
  /** Roots of the first inputs, where they are known. */
  readonly known: readonly Hash[];
}

/** Runs the model on row-major inputs and says whether its boundary values have these roots. */
export interface ConfirmTask<Bytes = Uint8Array> {
  readonly kind: 'confirm';
  readonly inputs: readonly Bytes[];
  readonly roots: readonly Hash[];
}

/** Makes one segment's values again from committed inputs and values. */
export interface RemakeTask<Bytes = Uint8Array> {
  readonly kind: 'remake';
  readonly inputs: readonly Bytes[];
  readonly values: readonly (Bytes | null)[];
  readonly segment: number;
}

export type Task<Bytes = Uint8Array> = TraceTask<Bytes> | ConfirmTask<Bytes> | RemakeTask<Bytes>;

/** Where bytes lie in those of an order, and how many they are. */
export type Place = readonly [at: number, length: number];

/** Work on one model, which comes along where the worker does not have it; models named in `drop` are closed first. */
export interface Order {
  readonly model: string;
  readonly load?: { readonly part: ProgramPart; readonly onnx: Uint8Array };
  readonly drop: readonly string[];
}

/** An order on its way: the tasks' bytes come along, or lie in the mailbox of the process and are that many. */
export interface SentOrder extends Order {
  readonly tasks: readonly Task<Place>[];
  readonly bytes: Uint8Array | number;
}

/** A trace as a worker made it: bytes and roots by number, null for inner values. */
export interface Traced {
  readonly inputs: readonly Hash[];
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
  readonly values: readonly ({ readonly bytes: Uint8Array; readonly root: Hash } | null)[];
}

/** The values of a segment, in order. */
export interface Remade {
  readonly values: readonly { readonly bytes: Uint8Array; readonly root: Hash }[];
}

/** An error on its way from a worker. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

/** What comes of a task: of a claim, whether it is confirmed. */
export type Made = Traced | Remade | boolean;

export type Outcome = { readonly made: Made } | { readonly refusal: Refusal };

/** What a worker says: that it stands, or what came of each of an order's tasks and how long they took. */
export type Told = { readonly ready: true } | { readonly outcomes: readonly Outcome[]; readonly milliseconds: number };
