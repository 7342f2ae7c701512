import type { Operator } from '../program/types.ts';
import { inputType } from './elements.ts';
import { natural, refuse, word } from './refuse.ts';

/** How Pad fills what lies outside, as its first attribute word has it. */
export const PAD_MODES: readonly string[] = ['constant', 'reflect', 'edge', 'wrap'];

/** Where an output element comes from: logical `coordinates` in operand `slot`, or nowhere: it is zero. */
export type Place = { slot: number; coordinates: number[] } | 'zero';
type Placing = (op: Operator, here: readonly number[]) => Place;

const pad: Placing = (op, here) => {
  const { dims } = inputType(op, 0);
  const mode = natural(op, 0);
  const coordinates: number[] = [];
  for (const [axis, size] of dims.entries()) {
    let at = here[axis] - word(op, 1 + axis);
    if (at < 0 || at >= size) {
      if (mode === 0) return op.inputTypes[1] ? { slot: 1, coordinates: op.inputTypes[1].dims.map(() => 0) } : 'zero';
      if (mode === 1) at = at < 0 ? -at : 2 * (size - 1) - at;
      else if (mode === 2) at = at < 0 ? 0 : size - 1;
      else at += at < 0 ? size : -size;
    }
    coordinates.push(at);
  }
  return { slot: 0, coordinates };
};

const tile: Placing = (op, here) => ({
  slot: 0,
  coordinates: inputType(op, 0).dims.map((size, axis) => here[axis] % size),
});

const resize: Placing = (op, here) => ({
  slot: 0,
  coordinates: inputType(op, 0).dims.map((size, axis) => {
    const [num, add, den] = [natural(op, 3 * axis), word(op, 3 * axis + 1), natural(op, 3 * axis + 2)];
    return Math.min(Math.max(Math.floor((here[axis] * num + add) / den), 0), size - 1);
  }),
});

const depthToSpace: Placing = (op, [n, c, y, x]) => {
  const size = natural(op, 0);
  const inner = (y % size) * size + (x % size);
  const channel = natural(op, 1) !== 0 ? c * size * size + inner : inner * op.outputTypes[0].dims[1] + c;
  return { slot: 0, coordinates: [n, channel, Math.floor(y / size), Math.floor(x / size)] };
};

const spaceToDepth: Placing = (op, [n, c, y, x]) => {
  const size = natural(op, 0);
  const channels = inputType(op, 0).dims[1];
  const inner = Math.floor(c / channels);
  return { slot: 0, coordinates: [n, c % channels, y * size + Math.floor(inner / size), x * size + (inner % size)] };
};

const trilu: Placing = (op, here) => {
  const diagonal = here[here.length - 1] - here[here.length - 2];
  const kept = natural(op, 0) !== 0 ? diagonal >= word(op, 1) : diagonal <= word(op, 1);
  return kept ? { slot: 0, coordinates: [...here] } : 'zero';
};

/** Operators whose elements' places follow from coordinates alone. */
export const PLACES: Readonly<Record<string, Placing>> = {
  Pad: pad,
  Tile: tile,
  Resize: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
};

/** Refuses what the contract could not follow. */
export function admitPlaces(op: Operator): void {
  const from = inputType(op, 0).dims;
  const to = op.outputTypes[0].dims;
  if (from.length !== to.length) refuse(op, `[${from}] cannot become [${to}]`);
  switch (op.name) {
    case 'Pad':
      admitPad(op, from, to);
      return;
    case 'Tile':
      if (to.some((size, axis) => (from[axis] === 0 ? size !== 0 : size % from[axis] !== 0))) {
        refuse(op, `[${from}] cannot be repeated to [${to}]`);
      }
      return;
    case 'Resize':
      for (const axis of from.keys()) {
        natural(op, 3 * axis);
        word(op, 3 * axis + 1);
        if (natural(op, 3 * axis + 2) === 0 || (from[axis] === 0 && to[axis] > 0)) refuse(op, `axis ${axis} is empty`);
      }
      return;
    case 'Trilu':
      natural(op, 0);
      word(op, 1);
      if (from.length < 2 || `${from}` !== `${to}`) refuse(op, 'its types do not fit');
      return;
    default:
      admitBlocks(op, from, to);
  }
}

function admitPad(op: Operator, from: readonly number[], to: readonly number[]): void {
  const mode = natural(op, 0);
  if (mode >= PAD_MODES.length) refuse(op, `mode ${mode} is unknown`);
  for (const [axis, size] of from.entries()) {
    const begin = word(op, 1 + axis);
    const end = to[axis] - size - begin;
    const most = [Number.POSITIVE_INFINITY, size - 1, size === 0 ? 0 : Number.POSITIVE_INFINITY, size][mode];
    if (Math.max(begin, end) > Math.max(most, 0))
      refuse(op, `axis ${axis} of ${size} is padded by ${begin} and ${end}`);
  }
}

function admitBlocks(op: Operator, from: readonly number[], to: readonly number[]): void {
  const size = natural(op, 0);
  const [flat, deep] = op.name === 'DepthToSpace' ? [to, from] : [from, to];
  const fits =
    flat.length === 4 &&
    size > 0 &&
    size <= 0xffff &&
    `${deep}` === `${[flat[0], flat[1] * size * size, flat[2] / size, flat[3] / size]}`;
  if (!fits) refuse(op, `blocks of ${size} do not fit [${from}] and [${to}]`);
  if (op.name === 'DepthToSpace') natural(op, 1);
}
