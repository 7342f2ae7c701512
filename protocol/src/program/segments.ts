import type { Segment } from '../commitments/program.ts';
import { byteLength, type Operator, type Ref } from './types.ts';

/** Most values of one segment: a value's number modulo this is its place in its segment's list. */
export const SEGMENT_VALUES = 1024;
/** Programs with fewer bytes of values have one operator a segment: every fault of theirs is one transaction. */
export const WHOLE_BYTES = 64 * 1024;

/** What bounds a segment: whoever answers for it makes all of it again. */
export interface SegmentLimits {
  /** Most operators, and most values. */
  readonly values: number;
  /** Most bytes of inner values: what has to be kept to answer for it. */
  readonly bytes: number;
  /** Most absorbing operators one after the other: what two devices make of a segment must not drift far apart. */
  readonly depth: number;
  /** It begins where no more bytes cross than anywhere so many operators before or after. */
  readonly apart: number;
}

const COMMON: SegmentLimits = { values: 64, bytes: 32 * 2 ** 20, depth: 12, apart: 0 };
const LARGE: SegmentLimits = { values: SEGMENT_VALUES, bytes: 4 * 2 ** 30, depth: 96, apart: 8 };
/** Bytes of values from which on a program is large. */
export const LARGE_BYTES = 512 * 2 ** 20;

/** Limits of the segments of a program with so many bytes of values. */
export const segmentLimits = (bytes: number): SegmentLimits => (bytes < LARGE_BYTES ? COMMON : LARGE);

/** An operator's place in the cut. */
export interface Width {
  /** Proven: every device has the same result, whatever the inputs. */
  readonly exact: boolean;
  /** Every device makes the same of the same operands. */
  readonly repeats: boolean;
  /** Its judge's interval takes up what two devices make differently of its operands. */
  readonly absorbs: boolean;
}

interface Value {
  readonly producer: number;
  readonly bytes: number;
  readonly consumers: readonly number[];
  readonly output: boolean;
}

/** The operators `first … end - 1`. */
interface Span {
  readonly first: number;
  readonly end: number;
}

/** A candidate, and what the trace would commit to of it. */
interface Run extends Span {
  /** Bytes of its boundary and of its inner values. */
  readonly crossing: number;
  readonly inner: number;
  readonly depth: number;
  /** Numbers of its boundary values. */
  readonly boundary: readonly number[];
}

function valuesOf(operators: readonly Operator[], outputs: ReadonlySet<number>): Value[] {
  const consumers = new Map<number, number[]>();
  operators.forEach(({ inputs }, op) => {
    for (const { kind, index } of inputs) {
      if (kind === 'value') consumers.set(index, [...(consumers.get(index) ?? []), op]);
    }
  });
  return operators.flatMap(({ firstValue, outputTypes }, producer) =>
    outputTypes.map((type, i) => ({
      producer,
      bytes: byteLength(type),
      consumers: consumers.get(firstValue + i) ?? [],
      output: outputs.has(firstValue + i),
    })),
  );
}

/**
 * Values of a run that later operators or nobody reads and outputs, and those that reach one of these without passing
 * through an operator that absorbs what devices make differently.
 */
function reaching(operators: readonly Operator[], values: readonly Value[], widths: readonly Width[], run: Span) {
  const crossing = new Set<number>();
  const passing = new Set<number>();
  /** Operators of the run of which some result crosses or passes. */
  const leading = new Set<number>();
  for (let op = run.end - 1; op >= run.first; op--) {
    for (let i = 0; i < operators[op].outputTypes.length; i++) {
      const number = operators[op].firstValue + i;
      const { consumers, output } = values[number];
      if (output || consumers.length === 0 || consumers.some((consumer) => consumer >= run.end)) crossing.add(number);
      else if (consumers.some((consumer) => leading.has(consumer) && !widths[consumer].absorbs)) passing.add(number);
      else continue;
      leading.add(op);
    }
  }
  return { crossing, passing };
}

/**
 * A candidate run with its boundary values: those that cross it, and the banded frontier, which is whatever two devices
 * may make differently and that reaches a crossing value unabsorbed. What follows from committed values alone, and the
 * same on every device, need not be committed to.
 */
function runOf(
  operators: readonly Operator[],
  values: readonly Value[],
  widths: readonly Width[],
  first: number,
  end: number,
): Run {
  const { crossing, passing } = reaching(operators, values, widths, { first, end });
  const cut = new Set<number>();
  /** Inner values that everyone has who has the boundary values. */
  const given = new Set<number>();
  const depths = new Map<number, number>();
  let [bytes, inner, depth] = [0, 0, 0];
  for (let op = first; op < end; op++) {
    const inside = operators[op].inputs.filter(
      ({ kind, index }) => kind === 'value' && values[index].producer >= first && !cut.has(index),
    );
    const above = inside.map(({ index }) => depths.get(values[index].producer)!);
    depths.set(op, Math.max(0, ...above) + (widths[op].absorbs ? 1 : 0));
    depth = Math.max(depth, depths.get(op)!);
    const same = widths[op].exact || (widths[op].repeats && inside.every(({ index }) => given.has(index)));
    for (let i = 0; i < operators[op].outputTypes.length; i++) {
      const number = operators[op].firstValue + i;
      const committed = crossing.has(number) || (passing.has(number) && !same);
      if (committed) cut.add(number);
      else if (same) given.add(number);
      if (committed) bytes += values[number].bytes;
      else inner += values[number].bytes;
    }
  }
  return { first, end, crossing: bytes, inner, depth, boundary: [...cut] };
}

/** Numbers of the operators that a segment may begin with, and the count of all. */
function cutPlaces(operators: readonly Operator[], values: readonly Value[], apart: number): number[] {
  const change = new Array<number>(operators.length + 1).fill(0);
  for (const { producer, bytes, consumers, output } of values) {
    if (output) continue;
    change[producer + 1] += bytes;
    change[Math.max(producer, ...consumers) + 1] -= bytes;
  }
  let alive = 0;
  const crossing = change.map((bytes) => {
    alive += bytes;
    return alive;
  });
  const inside = (place: number): boolean => place > 0 && place < operators.length;
  const least = (place: number): boolean => {
    const near = Array.from({ length: 2 * apart + 1 }, (_, i) => place - apart + i).filter(inside);
    return near.every((other) => crossing[place] <= crossing[other]);
  };
  return crossing.flatMap((_, place) => (!inside(place) || least(place) ? [place] : []));
}

/** The runs, in order, for which the trace commits to the fewest bytes, and of those the fewest runs. */
function cheapest(
  operators: readonly Operator[],
  values: readonly Value[],
  widths: readonly Width[],
  limits: SegmentLimits,
): Run[] {
  /** A run within the limits, or of a single operator. */
  const within = (first: number, end: number): Run | undefined => {
    const { firstValue, outputTypes } = operators[end - 1];
    const count = Math.max(end - first, firstValue + outputTypes.length - operators[first].firstValue);
    if (count > limits.values && end - first > 1) return undefined;
    const run = runOf(operators, values, widths, first, end);
    return end - first === 1 || (run.inner <= limits.bytes && run.depth <= limits.depth) ? run : undefined;
  };
  const places = cutPlaces(operators, values, limits.apart).flatMap((place, i, all) => {
    const end = all[i + 1] ?? place + 1;
    return end - place === 1 || within(place, end) ? [place] : Array.from({ length: end - place }, (_, k) => place + k);
  });
  const best: { bytes: number; runs: number; run: Run; before: number }[] = [];
  for (let to = 1; to < places.length; to++) {
    for (let from = to - 1; from >= 0; from--) {
      const run = within(places[from], places[to]);
      if (!run) break;
      const before = from === 0 ? { bytes: 0, runs: 0 } : best[from];
      const [bytes, runs] = [before.bytes + run.crossing, before.runs + 1];
      const known = best[to];
      if (known && (known.bytes < bytes || (known.bytes === bytes && known.runs <= runs))) continue;
      best[to] = { bytes, runs, run, before: from };
    }
  }
  const runs: Run[] = [];
  for (let at = places.length - 1; at > 0; at = best[at].before) runs.unshift(best[at].run);
  return runs;
}

/**
 * Cuts a program into segments: operators with their segment, boundary bits and references, and the segments. The
 * operators refer to all values as boundary values. The rule is part of the compiler's version.
 */
export function cutSegments(
  operators: readonly Operator[],
  widths: readonly Width[],
  outputs: readonly number[],
): { operators: Operator[]; segments: Segment[] } {
  const values = valuesOf(operators, new Set(outputs));
  const bytes = values.reduce((sum, value) => sum + value.bytes, 0);
  const cuts =
    bytes < WHOLE_BYTES
      ? operators.map((_, op) => runOf(operators, values, widths, op, op + 1))
      : cheapest(operators, values, widths, segmentLimits(bytes));
  const boundary = new Set(cuts.flatMap((run) => run.boundary));
  const refOf = (ref: Ref): Ref => (ref.kind === 'value' && !boundary.has(ref.index) ? { ...ref, kind: 'inner' } : ref);
  const cut = cuts.flatMap(({ first, end }, segment) =>
    operators.slice(first, end).map((op) => ({
      ...op,
      segment,
      boundary: op.outputTypes.reduce((bits, _, i) => bits + (boundary.has(op.firstValue + i) ? 2 ** i : 0), 0),
      inputs: op.inputs.map(refOf),
    })),
  );
  return { operators: cut, segments: cuts.map(({ first, end }) => segmentOf(operators, first, end)) };
}

function segmentOf(operators: readonly Operator[], firstOp: number, end: number): Segment {
  const { firstValue } = operators[firstOp];
  const last = operators[end - 1];
  const valueCount = last.firstValue + last.outputTypes.length - firstValue;
  return { firstOp, opCount: end - firstOp, firstValue, valueCount };
}
