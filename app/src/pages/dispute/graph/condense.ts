import { layered } from './layers.ts';
import type { Outline } from './outline.ts';

/** Most boxes: networks with many branches are broad, not deep. */
const BOXES = 24;
/** Weights of the operator at fault that are shown. */
const WEIGHTS = 2;

/** What the picture shows as one box: an input, a weight of the operator at fault, an operator, a run of them, an output. */
export interface Node {
  readonly id: string;
  readonly kind: 'input' | 'weight' | 'operator' | 'run' | 'output';
  readonly title: string;
  readonly note: string;
  /** Operators in it, by number; none of an input or output. */
  readonly first: number;
  readonly count: number;
  /** All of it is in this segment; -1 if in none or several. */
  readonly segment: number;
  readonly isFocus: boolean;
}

export interface Graph {
  readonly nodes: readonly Node[];
  /** From and to, as positions in `nodes`; from lower to higher. */
  readonly edges: readonly (readonly [number, number])[];
}

/**
 * The program in at most about `most` layers: the operator `focus` and its nearest stay as they are, runs of others become
 * one box each. A run is of consecutive numbers, so no path leads out of it and back in.
 */
export function condense(outline: Outline, focus: number, most: number): Graph {
  const { operators } = outline;
  const near = distances(outline, focus);
  const within = (radius: number) => grouped(outline, focus, (op) => near[op] <= radius);
  let graph = within(0);
  for (let radius = 1; radius < operators.length && radius <= most; radius++) {
    const wider = within(radius);
    if (wider.nodes.length > BOXES || layered(wider).layers.length > most) break;
    graph = wider;
  }
  return graph;
}

/** For each operator how many edges it is from `focus`, whichever way they lead. */
function distances({ operators }: Outline, focus: number): number[] {
  const near = operators.map(() => Number.POSITIVE_INFINITY);
  const makers = makersOf(operators);
  const beside: number[][] = operators.map(() => []);
  for (const [op, { inputs }] of operators.entries()) {
    for (const { kind, index } of inputs) {
      if (kind !== 'value' && kind !== 'inner') continue;
      const maker = makers(index);
      beside[op].push(maker);
      beside[maker].push(op);
    }
  }
  near[focus] = 0;
  const queue = [focus];
  for (const op of queue) {
    for (const other of beside[op]) {
      if (near[other] !== Number.POSITIVE_INFINITY) continue;
      near[other] = near[op] + 1;
      queue.push(other);
    }
  }
  return near;
}

/** The operator that makes a value. */
function makersOf(operators: Outline['operators']): (value: number) => number {
  return (value) => {
    let [low, high] = [0, operators.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (operators[middle].firstValue <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

interface Span {
  readonly first: number;
  readonly count: number;
}

/** Consecutive operators that are shown as one box; none crosses the border of the focus's segment. */
function spans({ operators }: Outline, focus: number, kept: (op: number) => boolean): Span[] {
  const out: { first: number; count: number }[] = [];
  const inSegment = (op: number) => operators[op].segment === operators[focus].segment;
  for (let op = 0; op < operators.length; op++) {
    const last = out.at(-1);
    const joins = last && !kept(op) && !kept(op - 1) && inSegment(op) === inSegment(op - 1);
    if (joins) last.count++;
    else out.push({ first: op, count: 1 });
  }
  return out;
}

function grouped(outline: Outline, focus: number, kept: (op: number) => boolean): Graph {
  const { operators, inputs, outputs, weights } = outline;
  const all = spans(outline, focus, kept);
  const boxOf = new Map(
    all.flatMap(({ first, count }, box) => Array.from({ length: count }, (_, i) => [first + i, box])),
  );
  const read = operators[focus].inputs.filter(({ kind }) => kind === 'weight').map(({ index }) => index);
  const shown = [...new Set(read)].slice(0, WEIGHTS);
  const before = inputs.length + shown.length;
  const nodes: Node[] = [
    ...inputs.map(({ name, shape }, i) => outer('input', i, name, shape)),
    ...shown.map((i) => outer('weight', i, `weight ${i}`, weights[i].shape)),
    ...all.map((span) => nodeOf(outline, span, focus)),
    ...outputs.map(({ name }, i) => outer('output', i, name, 'output')),
  ];
  const makers = makersOf(operators);
  const edges = new Map<string, readonly [number, number]>();
  const link = (from: number, to: number) => from !== to && edges.set(`${from}/${to}`, [from, to]);
  const boxAt = (op: number) => before + boxOf.get(op)!;
  for (const i of shown.keys()) link(inputs.length + i, boxAt(focus));
  for (const [op, { inputs: operands }] of operators.entries()) {
    for (const { kind, index } of operands) {
      if (kind === 'input') link(index, boxAt(op));
      else if (kind === 'value' || kind === 'inner') link(boxAt(makers(index)), boxAt(op));
    }
  }
  for (const [i, { value }] of outputs.entries()) link(boxAt(makers(value)), before + all.length + i);
  return { nodes, edges: [...edges.values()] };
}

const outer = (kind: 'input' | 'weight' | 'output', i: number, title: string, note: string): Node => ({
  ...{ id: `${kind}${i}`, kind, title, note, first: -1, count: 0, segment: -1, isFocus: false },
});

function nodeOf({ operators }: Outline, { first, count }: Span, focus: number): Node {
  const last = operators[first + count - 1];
  const { name, segment, shape } = operators[first];
  if (count === 1) {
    const isFocus = first === focus;
    return { id: `op${first}`, kind: 'operator', title: name, note: shape, first, count, segment, isFocus };
  }
  const within = segment === last.segment ? segment : -1;
  const note = kinds(operators.slice(first, first + count).map((op) => op.name));
  return {
    id: `op${first}`,
    kind: 'run',
    title: `${count} operators`,
    note,
    first,
    count,
    segment: within,
    isFocus: false,
  };
}

/** The most frequent of some names and how often each occurs. */
function kinds(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [most, ...others] = [...counts].sort(([, a], [, b]) => b - a);
  return `${most[1]} ${most[0]}${others.length > 0 ? ' …' : ''}`;
}
