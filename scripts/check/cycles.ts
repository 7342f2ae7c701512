/**
 * Finds circles in a directed graph.
 * @param graph successors by node
 * @returns one circle for every group of nodes that reach each other, its first node repeated at the end
 */
export function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();

  const walk = (node: string): void => {
    if (onPath.has(node)) {
      found.push([...path.slice(path.indexOf(node)), node]);
      return;
    }
    if (done.has(node)) return;
    done.add(node);
    path.push(node);
    onPath.add(node);
    for (const next of graph.get(node) ?? []) walk(next);
    path.pop();
    onPath.delete(node);
  };
  for (const node of graph.keys()) walk(node);
  return found;
}
