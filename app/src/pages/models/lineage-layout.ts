import type { LineageLink } from '@essaim/sdk';

export const NODE = { width: 132, height: 44 } as const;
const STEP = { x: NODE.width + 76, y: NODE.height + 22 } as const;
const MARGIN = 6;

/** An asset with its place in the picture. */
export interface Placed {
  readonly key: string;
  readonly id: bigint;
  readonly kind: LineageLink['kind'];
  readonly role: 'self' | 'parent' | 'grand' | 'child';
  /** By which it and its neighbour towards this model are bound. */
  readonly link?: LineageLink;
  readonly x: number;
  readonly y: number;
}

export interface Edge {
  readonly from: Placed;
  readonly to: Placed;
  readonly link: LineageLink;
}

/** Generations from left to right, each in the middle of the height. */
export function layOut(
  self: bigint,
  parents: readonly LineageLink[],
  children: readonly LineageLink[],
  grand: readonly { link: LineageLink; child: bigint }[],
): { nodes: Placed[]; edges: Edge[]; width: number; height: number } {
  const older = distinct(
    grand.map(({ link }) => link).filter(({ asset }) => !parents.some((it) => it.asset === asset)),
  );
  const columns: { role: Placed['role']; links: (LineageLink | undefined)[] }[] = [
    { role: 'grand', links: older },
    { role: 'parent', links: distinct(parents) },
    { role: 'self', links: [undefined] },
    { role: 'child', links: distinct(children) },
  ];
  const shown = columns.filter(({ links }) => links.length > 0);
  const tallest = Math.max(...shown.map(({ links }) => links.length));
  const nodes = shown.flatMap(({ role, links }, column) =>
    links.map((link, row): Placed => {
      const id = link?.asset ?? self;
      const y = MARGIN + (row + (tallest - links.length) / 2) * STEP.y;
      return { key: `${role}${id}`, id, kind: link?.kind ?? 'model', role, link, x: MARGIN + column * STEP.x, y };
    }),
  );
  const at = (role: Placed['role'], id: bigint) => nodes.find((node) => node.role === role && node.id === id);
  const edges: Edge[] = [];
  const bind = (from: Placed | undefined, to: Placed | undefined, link: LineageLink) => {
    if (from && to) edges.push({ from, to, link });
  };
  const own = at('self', self);
  for (const link of parents) bind(at('parent', link.asset), own, link);
  for (const link of children) bind(own, at('child', link.asset), link);
  for (const { link, child } of grand) bind(at('grand', link.asset), at('parent', child), link);
  const width = 2 * MARGIN + (shown.length - 1) * STEP.x + NODE.width;
  return { nodes, edges, width, height: 2 * MARGIN + (tallest - 1) * STEP.y + NODE.height };
}

/** A curve from the right of one node to the left of another. */
export function edgePath(from: Placed, to: Placed): string {
  const [x, y] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [endX, endY] = [to.x, to.y + NODE.height / 2];
  const middle = (x + endX) / 2;
  return `M${x} ${y}C${middle} ${y} ${middle} ${endY} ${endX} ${endY}`;
}

function distinct(links: readonly LineageLink[]): LineageLink[] {
  return [...new Map(links.map((link) => [link.asset, link])).values()];
}
