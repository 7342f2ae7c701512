import { useEffect, useId } from 'react';
import { inertText } from '../../../parts/inert-text.ts';
import type { Graph, Node } from '../graph/condense.ts';
import { type Box, type Placed, place } from '../graph/place.ts';
import { useWidth } from './use-width.ts';

/** From where to where something stands across the picture, as parts of its width. */
export type Spot = readonly [from: number, to: number];

/** Layers where there is room, and where there is little. */
const MOST = { across: 9, down: 7 };
/** Room below the boxes, through which a beam leads from the one at fault to what follows. */
const BEAM = 26;

/**
 * A program as boxes and lines: the operator at fault, what it reads and what reads it, and everything else as runs; around
 * it its segment. `onSpot` is told where the operator stands.
 */
export function ProgramPicture({
  graphOf,
  segment,
  what,
  onSpot,
}: {
  graphOf: (most: number) => Graph;
  segment: string;
  what: string;
  onSpot: (spot: Spot) => void;
}) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const title = useId();
  const direction = width < 620 ? 'down' : 'across';
  const graph = graphOf(MOST[direction]);
  const placed = place(graph, direction);
  const focus = graph.nodes.findIndex(({ isFocus }) => isFocus);
  const scale = Math.min(1.12, width / placed.width);
  const { x, y, width: own, height } = placed.boxes[focus];
  const left = (width - placed.width * scale) / 2;
  const isAcross = direction === 'across';
  const [from, to] =
    isAcross && width > 0 ? [left + x * scale, left + (x + own) * scale].map((at) => at / width) : [0.35, 0.65];
  useEffect(() => onSpot([from, to]), [from, to, onSpot]);
  return (
    <div className="program" ref={ref}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${placed.width} ${placed.height + (isAcross ? BEAM : 0)}`}
          style={{ width: placed.width * scale }}
          role="img"
          aria-labelledby={title}
        >
          <title id={title}>{what}</title>
          {isAcross && <Beam x={x} y={y + height} width={own} height={placed.height + BEAM + 2 - y - height} />}
          <Segment graph={graph} placed={placed} words={segment} isAcross={isAcross} />
          {placed.paths.map((path, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            <path key={i} d={path} className={graph.edges[i].includes(focus) ? 'line lit' : 'line'} />
          ))}
          {graph.nodes.map((node, i) => (
            <NodeBox key={node.id} node={node} box={placed.boxes[i]} />
          ))}
        </svg>
      )}
    </div>
  );
}

function Beam({ x, y, width, height }: Box) {
  return <rect className="beam" x={x} y={y - 8} width={width} height={height + 8} />;
}

const cut = (words: string, limit: number) => inertText(words, limit);

function NodeBox({ node: { kind, title, note, isFocus }, box: { x, y, width, height } }: { node: Node; box: Box }) {
  const middle = x + width / 2;
  const isWork = kind === 'operator' || kind === 'run';
  return (
    <g className={`node ${kind}${isFocus ? ' focus' : ''}`}>
      {kind === 'run' && <rect x={x + 4} y={y - 4} width={width} height={height} rx={9} className="behind" />}
      {isFocus && <rect x={x - 5} y={y - 5} width={width + 10} height={height + 10} rx={13} className="halo" />}
      <rect x={x} y={y} width={width} height={height} rx={isWork ? 9 : height / 2} />
      <text x={middle} y={y + height / 2 - 4} className="name">
        {cut(title, 15)}
      </text>
      <text x={middle} y={y + height / 2 + 14} className="note">
        {cut(note, 19)}
      </text>
    </g>
  );
}

/** The segment in which the operator lies, where more of it is shown than that operator. */
function Segment({
  graph,
  placed,
  words,
  isAcross,
}: {
  graph: Graph;
  placed: Placed;
  words: string;
  isAcross: boolean;
}) {
  const own = graph.nodes.find(({ isFocus }) => isFocus)?.segment ?? -1;
  const boxes = placed.boxes.filter((_, i) => graph.nodes[i].segment === own && own >= 0);
  if (boxes.length < 2) return null;
  const left = Math.min(...boxes.map(({ x }) => x)) - 10;
  const top = Math.min(...boxes.map(({ y }) => y)) - 12;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + 12;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 14;
  return (
    <g className="segment">
      <rect x={left} y={top} width={right - left} height={bottom - top} rx={14} />
      <text
        transform={
          isAcross ? `translate(${left + 12} ${top - 6})` : `translate(${left - 6} ${bottom - 10}) rotate(-90)`
        }
      >
        {words}
      </text>
    </g>
  );
}
