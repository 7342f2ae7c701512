import type { Graph } from './condense.ts';
import { type Layered, layered } from './layers.ts';

/** Which way a program is read: from left to right, or from top to bottom where there is little room. */
export type Direction = 'across' | 'down';

/** A box, by its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  /** For each node of the graph. */
  readonly boxes: readonly Box[];
  /** For each edge of the graph the path of an SVG. */
  readonly paths: readonly string[];
}

const NODE = { across: { width: 106, height: 58 }, down: { width: 158, height: 54 } } as const;
/** Between layers, and between neighbours in one. */
const GAP = { layer: 21, beside: 24 };
const MARGIN = 18;
/** Room across a layer for an edge that passes it. */
const PASSING = 4;
/** How often every place moves to the middle of its neighbours. */
const ROUNDS = 24;

/** Gives every node its box and every edge its path. */
export function place(graph: Graph, direction: Direction): Placed {
  const grid = layered(graph);
  const isAcross = direction === 'across';
  const { width, height } = NODE[direction];
  const [along, beside] = isAcross ? [width, height] : [height, width];
  const sizes = grid.places.map(({ node }) => (node < 0 ? PASSING : beside));
  const middles = positions(grid, sizes);
  const low = Math.min(...middles.map((middle, i) => middle - sizes[i] / 2));
  const breadth = Math.max(...middles.map((middle, i) => middle + sizes[i] / 2)) - low;
  const depthOf = (layer: number) => MARGIN + layer * (along + GAP.layer);
  const at = grid.places.map(({ layer }, i) => {
    const across = MARGIN + middles[i] - beside / 2 - low;
    return isAcross ? { x: depthOf(layer), y: across } : { x: across, y: depthOf(layer) };
  });
  const length = grid.layers.length * (along + GAP.layer) - GAP.layer;
  const size = (extent: number) => extent + 2 * MARGIN;
  return {
    width: size(isAcross ? length : breadth),
    height: size(isAcross ? breadth : length),
    boxes: graph.nodes.map((_, i) => ({ ...at[i], width, height })),
    paths: graph.edges.map((_, edge) => pathOf(grid, edge, at, { width, height }, isAcross)),
  };
}

/** The middle of each place across its layer: as near to its neighbours as the others let it. */
function positions({ places, layers, links }: Layered, sizes: readonly number[]): number[] {
  const at = new Array<number>(places.length).fill(0);
  for (const layer of layers) {
    const wanted = layer.map(() => 0);
    spread(wanted, layer, sizes);
    for (const [i, place] of layer.entries()) at[place] = wanted[i];
  }
  const near = places.map((_, place) =>
    links.flatMap(({ from, to }) => (to === place ? [from] : from === place ? [to] : [])),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const layer of round % 2 === 0 ? layers : layers.toReversed()) {
      const wanted = layer.map((place) =>
        near[place].length === 0 ? at[place] : near[place].reduce((sum, i) => sum + at[i], 0) / near[place].length,
      );
      spread(wanted, layer, sizes);
      for (const [i, place] of layer.entries()) at[place] = wanted[i];
    }
  }
  return at;
}

/** Moves neighbours apart that stand too near, by as little as keeps their common middle. */
function spread(at: number[], layer: readonly number[], sizes: readonly number[]): void {
  const middle = at.reduce((sum, x) => sum + x, 0) / at.length;
  for (let i = 1; i < at.length; i++) {
    const least = (sizes[layer[i - 1]] + sizes[layer[i]]) / 2 + GAP.beside;
    at[i] = Math.max(at[i], at[i - 1] + least);
  }
  const shift = at.reduce((sum, x) => sum + x, 0) / at.length - middle;
  for (let i = 0; i < at.length; i++) at[i] -= shift;
}

type Point = { readonly x: number; readonly y: number };

function pathOf(
  grid: Layered,
  edge: number,
  at: readonly Point[],
  size: Pick<Box, 'width' | 'height'>,
  isAcross: boolean,
) {
  const own = grid.links.filter((link) => link.edge === edge);
  const leave = ({ x, y }: Point): Point =>
    isAcross ? { x: x + size.width, y: y + size.height / 2 } : { x: x + size.width / 2, y: y + size.height };
  const enter = ({ x, y }: Point): Point => (isAcross ? { x, y: y + size.height / 2 } : { x: x + size.width / 2, y });
  const start = leave(at[own[0].from]);
  return own.reduce(
    ({ path, from }, { to }) => {
      const end = enter(at[to]);
      const passes = grid.places[to].node < 0;
      const curve = bend(from, end, isAcross);
      const next = leave(at[to]);
      return passes ? { path: `${path}${curve}L${next.x} ${next.y}`, from: next } : { path: path + curve, from: end };
    },
    { path: `M${start.x} ${start.y}`, from: start },
  ).path;
}

function bend(from: Point, to: Point, isAcross: boolean): string {
  if (isAcross) {
    const middle = (from.x + to.x) / 2;
    return `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
  }
  const middle = (from.y + to.y) / 2;
  return `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
}
