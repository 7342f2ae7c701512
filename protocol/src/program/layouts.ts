import type { LoweredGraph } from './graph.ts';

/** Layouts that consumers require of each input and value, without duplicates, row-major first. */
export function requiredLayouts(graph: LoweredGraph): Map<string, number[]> {
  const required = new Map<string, Set<number>>();
  for (const { operands, layouts } of graph.nodes) {
    operands.forEach((name, slot) => {
      const layout = layouts[slot];
      if (name === '' || layout === undefined || graph.constants.has(name)) return;
      required.set(name, (required.get(name) ?? new Set()).add(layout));
    });
  }
  return new Map([...required].map(([name, layouts]) => [name, [...layouts].sort((a, b) => a - b)]));
}

/**
 * The layout in which each node's result is committed: row-major if it is an output or nobody minds, else what its
 * consumers require. Consumers that require another one read a relaid copy.
 */
export function chooseLayouts(graph: LoweredGraph, required: ReadonlyMap<string, readonly number[]>) {
  const outputs = new Set(graph.outputs);
  return new Map(graph.nodes.map(({ result }) => [result, outputs.has(result) ? 0 : (required.get(result)?.[0] ?? 0)]));
}
