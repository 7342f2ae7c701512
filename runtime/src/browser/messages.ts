import type { Hash } from '@essaim/protocol';

/** A model as the worker compiled it. */
export interface OpenedModel {
  readonly programId: Hash;
  /** Whether every device makes the same bits of it. */
  readonly exact: boolean;
}

/** One execution: the roots of its inputs and of its trace, and the bytes of all boundary values one after the other. */
export interface Traced {
  readonly inputsRoot: Hash;
  readonly traceRoot: Hash;
  readonly values: Uint8Array;
  /** What running and hashing took. */
  readonly milliseconds: number;
}

/** What the worker is asked. Inputs are row-major bytes, in the program's order. */
export type Asked =
  | { readonly ask: 'open'; readonly onnx: Uint8Array }
  | { readonly ask: 'trace'; readonly programId: Hash; readonly inputs: readonly Uint8Array[] };

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

export interface Told {
  readonly id: number;
  readonly result: OpenedModel | Traced;
}
