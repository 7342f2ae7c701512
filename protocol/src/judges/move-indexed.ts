import type { Operator } from '../program/types.ts';
import { indexOf } from './coordinates.ts';
import { element, inputType, numberOf } from './elements.ts';
import type { Need } from './judge.ts';
import { natural, refuse } from './refuse.ts';

/** Where an output element comes from: logical `coordinates` in operand `slot`; `null` where no engine has a result. */
export interface Source {
  slot: number;
  coordinates: number[];
}
export type Search = Generator<Need, Source | null, Uint8Array>;
type Move = (op: Operator, here: readonly number[]) => Search;

/** The index at `where` among those of `slot`, on an axis of `size`; null outside it. */
function* indexAt(
  op: Operator,
  slot: number,
  where: readonly number[],
  size: number,
): Generator<Need, number | null, Uint8Array> {
  const indices = inputType(op, slot);
  const signed = Number(numberOf(yield* element(op, slot, indexOf(indices, where)), indices.dtype));
  const index = signed < 0 ? signed + size : signed;
  return index >= 0 && index < size ? index : null;
}

function* gather(op: Operator, here: readonly number[]): Search {
  const axis = natural(op, 0);
  const after = axis + inputType(op, 1).dims.length;
  const index = yield* indexAt(op, 1, here.slice(axis, after), inputType(op, 0).dims[axis]);
  return index === null ? null : { slot: 0, coordinates: [...here.slice(0, axis), index, ...here.slice(after)] };
}

function* gatherElements(op: Operator, here: readonly number[]): Search {
  const axis = natural(op, 0);
  const index = yield* indexAt(op, 1, here, inputType(op, 0).dims[axis]);
  return index === null ? null : { slot: 0, coordinates: here.with(axis, index) };
}

function* gatherND(op: Operator, here: readonly number[]): Search {
  const batch = natural(op, 0);
  const from = inputType(op, 0).dims;
  const { dims } = inputType(op, 1);
  const row = here.slice(0, dims.length - 1);
  const places: (number | null)[] = [];
  for (let i = 0; i < dims[dims.length - 1]; i++) places.push(yield* indexAt(op, 1, [...row, i], from[batch + i]));
  if (places.includes(null)) return null;
  return { slot: 0, coordinates: [...here.slice(0, batch), ...(places as number[]), ...here.slice(row.length)] };
}

function* oneHot(op: Operator, here: readonly number[]): Search {
  const axis = natural(op, 0);
  const index = yield* indexAt(op, 0, here.toSpliced(axis, 1), op.outputTypes[0].dims[axis]);
  return { slot: 1, coordinates: [index === here[axis] ? 1 : 0] };
}

/** Operators whose elements' places are said by indices, which are evidence. */
export const INDEXED: Readonly<Record<string, Move>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  OneHot: oneHot,
};

/** Refuses what the contract could not follow. */
export function admitIndexed(op: Operator): void {
  const slot = op.name === 'OneHot' ? 0 : 1;
  const indices = op.inputTypes[slot];
  if (!indices || !op.inputTypes[1 - slot] || op.inputs.length !== 2) refuse(op, 'it must have two operands');
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32') refuse(op, 'its indices must be int64 or int32');
  if (`${resultDims(op)}` !== `${op.outputTypes[0].dims}`) refuse(op, 'its types do not fit each other');
}

function resultDims(op: Operator): readonly number[] | undefined {
  const from = inputType(op, 0).dims;
  const other = inputType(op, 1).dims;
  const to = op.outputTypes[0].dims;
  const place = natural(op, 0);
  switch (op.name) {
    case 'Gather':
      return place < from.length ? [...from.slice(0, place), ...other, ...from.slice(place + 1)] : undefined;
    case 'GatherElements': {
      const fits = from.length === other.length && other.every((size, axis) => axis === place || size <= from[axis]);
      return place < from.length && fits ? other : undefined;
    }
    case 'GatherND': {
      const last = other.length - 1;
      const fits = last >= place && place + other[last] <= from.length;
      const batch = fits && from.slice(0, place).every((size, axis) => size === other[axis]);
      return batch ? [...other.slice(0, last), ...from.slice(place + other[last])] : undefined;
    }
    default:
      return place < to.length && `${other}` === '2' ? from.toSpliced(place, 0, to[place]) : undefined;
  }
}
