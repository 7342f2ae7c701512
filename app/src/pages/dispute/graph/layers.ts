import type { Graph } from './condense.ts';

/** A place in a layer: a node's, or one through which an edge passes that spans several layers. */
export interface Place {
  /** Position in the graph's nodes; -1: an edge passes. */
  readonly node: number;
  readonly layer: number;
}

export interface Layered {
  readonly places: readonly Place[];
  /** Positions in `places` by layer, in their order across it. */
  readonly layers: readonly (readonly number[])[];
  /** From one layer to the next, as positions in `places`; `edge` is that of the graph. */
  readonly links: readonly { readonly from: number; readonly to: number; readonly edge: number }[];
}

/** Rounds in which layers are put in order, down and up. */
const SWEEPS = 4;

/** Puts a graph into layers, every edge leading to a later one, and orders each layer so that few edges cross. */
export function layered(graph: Graph): Layered {
  const depth = depths(graph);
  const places: Place[] = graph.nodes.map((_, node) => ({ node, layer: depth[node] }));
  const links: { from: number; to: number; edge: number }[] = [];
  for (const [edge, [from, to]] of graph.edges.entries()) {
    let last = from;
    for (let layer = depth[from] + 1; layer < depth[to]; layer++) {
      places.push({ node: -1, layer });
      links.push({ from: last, to: places.length - 1, edge });
      last = places.length - 1;
    }
    links.push({ from: last, to, edge });
  }
  const count = 1 + Math.max(0, ...depth);
  const layers: number[][] = Array.from({ length: count }, () => []);
  for (const [i, { layer }] of places.entries()) layers[layer].push(i);
  return { places, links, layers: ordered(layers, links) };
}

/** Longest way from an input; what nothing leads to stands right before what it leads to, outputs at the end. */
function depths({ nodes, edges }: Graph): number[] {
  const depth = nodes.map(() => 0);
  for (const [from, to] of edges) depth[to] = Math.max(depth[to], depth[from] + 1);
  const hasMaker = new Set(edges.map(([, to]) => to));
  for (const [node, { kind }] of nodes.entries()) {
    if (hasMaker.has(node) || kind === 'output') continue;
    const next = edges.filter(([from]) => from === node).map(([, to]) => depth[to]);
    if (next.length > 0) depth[node] = Math.min(...next) - 1;
  }
  const end = Math.max(0, ...depth);
  return depth.map((at, node) => (nodes[node].kind === 'output' ? end : at));
}

function ordered(layers: number[][], links: Layered['links']): number[][] {
  const out = layers.map((layer) => [...layer]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const indices = out.map((_, i) => (isDown ? i : out.length - 1 - i)).slice(1);
    for (const i of indices) {
      const beside = out[isDown ? i - 1 : i + 1];
      const weight = new Map(out[i].map((place, at) => [place, mean(place, at, beside, links, isDown)]));
      out[i].sort((a, b) => weight.get(a)! - weight.get(b)!);
    }
  }
  return out;
}

/** Where the neighbours of a place stand on average in the layer beside it. */
function mean(place: number, at: number, beside: readonly number[], links: Layered['links'], isDown: boolean): number {
  const neighbours = links
    .filter(({ from, to }) => (isDown ? to : from) === place)
    .map(({ from, to }) => beside.indexOf(isDown ? from : to));
  return neighbours.length === 0 ? at : neighbours.reduce((sum, i) => sum + i, 0) / neighbours.length;
}
