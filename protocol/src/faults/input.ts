import { concat, uint } from '../commitments/bytes.ts';
import { CHUNK } from '../commitments/hasher.ts';
import type { ListTree } from '../commitments/list.ts';
import { encodeHeader, type ProgramHeader } from '../commitments/program.ts';
import type { Tensor } from '../commitments/tensor.ts';
import { DTYPES } from '../program/types.ts';
import { sized } from './parts.ts';

const TYPE = 0;
const ELEMENT = 1;
const MISSING = 2;

const head = (header: ProgramHeader, interfaceBytes: Uint8Array, input: number, kind: number): Uint8Array =>
  concat([encodeHeader(header), sized(interfaceBytes), uint(input, 1), uint(kind, 1)]);

/** Proof for `Malformed.inputFault`: input `input` has another type than declared; `preimage` is of its root. */
export const inputTypeFault = (
  header: ProgramHeader,
  interfaceBytes: Uint8Array,
  inputs: ListTree,
  input: number,
  preimage: Uint8Array,
): Uint8Array => concat([head(header, interfaceBytes, input, TYPE), sized(preimage), ...inputs.siblings(input)]);

/** Proof for `Malformed.inputFault`: one element is outside the declared range, no multiple of the step, or a NaN. */
export function inputElementFault(
  header: ProgramHeader,
  interfaceBytes: Uint8Array,
  inputs: ListTree,
  input: number,
  tensor: Tensor,
  element: number,
): Uint8Array {
  const chunk = Math.floor((element * DTYPES[tensor.type.dtype].size) / CHUNK);
  return concat([
    head(header, interfaceBytes, input, ELEMENT),
    uint(element, 4),
    ...inputs.siblings(input),
    tensor.tree.chunk(chunk),
    ...tensor.tree.openings([chunk]),
  ]);
}

/** Proof for `Malformed.inputFault`: the list of inputs holds zero at `input`. */
export const inputMissingFault = (
  header: ProgramHeader,
  interfaceBytes: Uint8Array,
  inputs: ListTree,
  input: number,
): Uint8Array => concat([head(header, interfaceBytes, input, MISSING), ...inputs.siblings(input)]);
