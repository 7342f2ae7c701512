import type { Program } from '@essaim/protocol';
import type { ProgramPart } from './messages.ts';

const NONE = new Uint8Array();

/** The part of a program that can be sent to a worker, and is all that it needs. */
export function partOf({ id, inputs, values, boundary, segments, weights }: Program): ProgramPart {
  const laidOut = new Set(
    values.flatMap(({ source }) =>
      'relayoutOf' in source && source.relayoutOf.kind === 'weight' ? source.relayoutOf.index : [],
    ),
  );
  return {
    ...{ id, values, boundary, segments },
    inputs: inputs.map(({ name, type }) => ({ name, type })),
    weights: weights.map(({ name, type, bytes }, i) => ({ name, type, bytes: laidOut.has(i) ? bytes : NONE })),
  };
}
