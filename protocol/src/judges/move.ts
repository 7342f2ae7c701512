import { DTYPES, elementCount, type Operator, type TensorType } from '../program/types.ts';
import { broadcast, fromRowMajor, indexOf, locate, rowMajor } from './coordinates.ts';
import { anything, element, exactly, inputType, numberOf } from './elements.ts';
import type { Judge, Need, Trial } from './judge.ts';
import { checkBroadcast, checkVersion, natural, refuse, word } from './refuse.ts';

/** Where an output element comes from: logical `coordinates` in operand `slot`; `null` where no engine has a result. */
interface Source {
  slot: number;
  coordinates: number[];
}
type Search = Generator<Need, Source | null, Uint8Array>;
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

function* gather(op: Operator, here: number[]): Search {
  const axis = natural(op, 0);
  const indices = inputType(op, 1);
  const after = axis + indices.dims.length;
  const bits = yield* element(op, 1, indexOf(indices, here.slice(axis, after)));
  const size = inputType(op, 0).dims[axis];
  const signed = Number(numberOf(bits, indices.dtype));
  const index = signed < 0 ? signed + size : signed;
  if (index < 0 || index >= size) return null;
  return { slot: 0, coordinates: [...here.slice(0, axis), index, ...here.slice(after)] };
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
  Gather: gather,
};

/** Operators that move elements and change none. */
export const moveJudge: Judge = {
  contract: 'MoveJudge',
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
  },

  admit(op) {
    checkVersion(moveJudge, op);
    if (op.outputTypes.length !== 1) refuse(op, 'it must have one output');
    const to = op.outputTypes[0];
    const sources = op.name === 'Where' ? [1, 2] : op.name === 'Concat' ? [...op.inputs.keys()] : [0];
    for (const slot of sources) {
      if (!op.inputTypes[slot]) refuse(op, `operand ${slot} is missing`);
      if (inputType(op, slot).dtype !== to.dtype) refuse(op, `operand ${slot} is not ${to.dtype}, as its output is`);
    }
    if (op.name === 'Where' && op.inputTypes[0]?.dtype !== 'bool') refuse(op, 'its condition must be bool');
    checkShapes(op, to);
  },

  *try(op, _numerics, _output, index): Trial {
    const to = op.outputTypes[0];
    const source = yield* MOVES[op.name](op, locate(to, index));
    if (!source) return anything('the index lies outside the data, which no engine runs');
    const bits = yield* element(op, source.slot, indexOf(inputType(op, source.slot), source.coordinates));
    return exactly(bits, to.dtype);
  },

  worst(op) {
    const size = DTYPES[op.outputTypes[0].dtype].size;
    const chosen = op.name === 'Where' ? 10 : op.name === 'Gather' ? 17 : 0;
    return { bytes: chosen + 9 + size, gas: 14_000 + 1_200 * op.outputTypes[0].dims.length + 800 * op.inputs.length };
  },
};

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
    case gather: {
      const axis = natural(op, 0);
      const indices = op.inputTypes[1];
      if (!indices || (indices.dtype !== 'int64' && indices.dtype !== 'int32')) {
        refuse(op, 'its indices must be int64 or int32');
      }
      const dims = [...from.dims.slice(0, axis), ...indices.dims, ...from.dims.slice(axis + 1)];
      if (axis >= from.dims.length || `${dims}` !== `${to.dims}`) refuse(op, 'the types do not fit the axis');
      return;
    }
    default:
      for (const type of op.inputTypes) if (type) checkBroadcast(op, type, to);
  }
}
