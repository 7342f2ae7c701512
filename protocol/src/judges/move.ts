import { DTYPES, elementCount, type Operator, type TensorType } from '../program/types.ts';
import { broadcast, fromRowMajor, indexOf, locate, rowMajor } from './coordinates.ts';
import { anything, element, exactly, inputType } from './elements.ts';
import type { Judge, Trial } from './judge.ts';
import { admitIndexed, INDEXED, type Search, type Source } from './move-indexed.ts';
import { admitPlaces, PLACES } from './move-places.ts';
import { checkBroadcast, checkVersion, natural, refuse, word } from './refuse.ts';

type Move = (op: Operator, here: number[]) => Search;

const pure = (source: (op: Operator, here: number[]) => Source): Move =>
  // biome-ignore lint/correctness/useYield: most moves need no evidence to know their source
  function* (op, here): Search {
    return source(op, here);
  };

const reshape = pure((op, here) => ({
  slot: 0,
  coordinates: fromRowMajor(inputType(op, 0), rowMajor(op.outputTypes[0], here)),
}));

const transpose = pure((op, here) => {
  const coordinates: number[] = [];
  here.forEach((place, axis) => {
    coordinates[natural(op, axis)] = place;
  });
  return { slot: 0, coordinates };
});

const slice = pure((op, here) => ({
  slot: 0,
  coordinates: here.map((place, axis) => word(op, axis) + word(op, here.length + axis) * place),
}));

const expand = pure((op, here) => ({ slot: 0, coordinates: broadcast(inputType(op, 0), here) }));

const concat = pure((op, here) => {
  const axis = natural(op, 0);
  let slot = 0;
  let place = here[axis];
  for (; place >= inputType(op, slot).dims[axis]; slot++) place -= inputType(op, slot).dims[axis];
  return { slot, coordinates: here.with(axis, place) };
});

function* where(op: Operator, here: number[]): Search {
  const condition = inputType(op, 0);
  const slot = (yield* element(op, 0, indexOf(condition, broadcast(condition, here)))) !== 0n ? 1 : 2;
  return { slot, coordinates: broadcast(inputType(op, slot), here) };
}

const MOVES: Readonly<Record<string, Move>> = {
  Relayout: reshape,
  Identity: reshape,
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Slice: slice,
  Expand: expand,
  Where: where,
  Concat: concat,
  ...INDEXED,
};

/** Operators that move elements and change none. */
export const moveJudge: Judge = {
  contract: 'MoveJudge',
  repeats: true,
  versions: {
    Relayout: [1],
    Identity: [13, 14, 16, 19, 21],
    Reshape: [13, 14, 19, 21],
    Flatten: [13, 21],
    Squeeze: [13, 21],
    Unsqueeze: [13, 21],
    Transpose: [13, 21],
    Slice: [13],
    Expand: [13],
    Where: [9, 16],
    Concat: [13],
    Gather: [13],
    GatherElements: [13],
    GatherND: [13],
    OneHot: [11],
    Pad: [13, 18, 19, 21],
    Tile: [13],
    Resize: [13, 18, 19],
    DepthToSpace: [13],
    SpaceToDepth: [13],
    Trilu: [14],
  },

  admit(op) {
    checkVersion(moveJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const to = op.outputTypes[0];
    const sources = sourcesOf(op);
    for (const slot of sources) {
      if (!op.inputTypes[slot]) refuse(op, `operand ${slot} is missing`);
      if (inputType(op, slot).dtype !== to.dtype) refuse(op, `operand ${slot} is not ${to.dtype}, as its output is`);
    }
    if (op.name === 'Where' && op.inputTypes[0]?.dtype !== 'bool') refuse(op, 'its condition must be bool');
    if (Object.hasOwn(INDEXED, op.name)) admitIndexed(op);
    else if (Object.hasOwn(PLACES, op.name)) admitPlaces(op);
    else checkShapes(op, to);
  },

  *try(op, _numerics, _output, index): Trial {
    const to = op.outputTypes[0];
    const here = locate(to, index);
    const place = PLACES[op.name]?.(op, here);
    if (place === 'zero') return exactly(0n, to.dtype);
    const source = place ?? (yield* MOVES[op.name](op, here));
    if (!source) return anything('the index lies outside the data, which no engine runs');
    const bits = yield* element(op, source.slot, indexOf(inputType(op, source.slot), source.coordinates));
    return exactly(bits, to.dtype);
  },

  worst(op) {
    const size = DTYPES[op.outputTypes[0].dtype].size;
    const chosen = chosenBytes(op);
    const axes = Math.max(op.outputTypes[0].dims.length, inputType(op, 0).dims.length);
    return { bytes: chosen + 9 + size, gas: 14_000 + 1_800 * axes + 800 * op.inputs.length + 250 * chosen };
  },
};

/** Operands that elements may come from. */
function sourcesOf(op: Operator): number[] {
  if (op.name === 'Where') return [1, 2];
  if (op.name === 'OneHot') return [1];
  if (op.name === 'Concat') return [...op.inputs.keys()];
  return op.name === 'Pad' && op.inputs.length > 1 ? [0, 1] : [0];
}

/** Bytes of the evidence that says where an element comes from. */
function chosenBytes(op: Operator): number {
  if (op.name === 'Where') return 10;
  if (!Object.hasOwn(INDEXED, op.name)) return 0;
  return op.name === 'GatherND' ? 17 * inputType(op, 1).dims.at(-1)! : 17;
}

/** Refuses operators whose output would have elements without a source. */
function checkShapes(op: Operator, to: TensorType): void {
  const from = inputType(op, op.name === 'Where' ? 1 : 0);
  const rank = to.dims.length;
  switch (MOVES[op.name]) {
    case reshape:
      if (elementCount(from) !== elementCount(to)) refuse(op, 'input and output differ in their number of elements');
      return;
    case transpose:
      if (to.dims.some((size, axis) => from.dims[natural(op, axis)] !== size))
        refuse(op, 'perm does not fit the types');
      return;
    case slice:
      to.dims.forEach((size, axis) => {
        const start = word(op, axis);
        const last = start + word(op, rank + axis) * (size - 1);
        const inside = (place: number) => place >= 0 && place < from.dims[axis];
        if (size > 0 && !(inside(start) && inside(last))) refuse(op, `axis ${axis} is cut outside the input`);
      });
      return;
    case concat: {
      const axis = natural(op, 0);
      const total = op.inputTypes.reduce((sum, type) => sum + (type?.dims[axis] ?? Number.NaN), 0);
      if (total !== to.dims[axis]) refuse(op, 'the operands do not add up to the output');
      return;
    }
    default:
      for (const type of op.inputTypes) if (type) checkBroadcast(op, type, to);
  }
}
