import type { NodeView } from '../node-view.ts';

/** Dimensions of operands stretched to each other, right-aligned; throws where they don't fit. */
export function broadcast(node: NodeView, ...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const dims of shapes) {
      const d = dims[axis - rank + dims.length] ?? 1;
      if (d === 1 || d === size) continue;
      if (size !== 1) throw node.malformed(`shapes ${shapes.map((s) => `[${s}]`).join(' and ')} cannot be broadcast`);
      size = d;
    }
    return size;
  });
}
