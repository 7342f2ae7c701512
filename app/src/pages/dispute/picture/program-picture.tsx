import { useId } from 'react';
import { inertText } from '../../../parts/inert-text.ts';
import type { Graph, Node } from '../graph/condense.ts';
import { type Box, type Direction, type Placed, place } from '../graph/place.ts';
import { useWidth } from './use-width.ts';

/** Where the picture's one box at fault stands, as parts of the picture's width. */
export type Spot = { readonly from: number; readonly to: number };

/**
 * A program as boxes and lines, the operator at fault marked, and around it its segment. What it shows is told as a list
 * of words as well, for those who do not see it.
 */
export function ProgramPicture({ graph, segment, what }: { graph: Graph; segment: string; what: string }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const title = useId();
  const direction: Direction = width < 620 ? 'down' : 'across';
  const placed = place(graph, direction);
  const focus = graph.nodes.findIndex(({ isFocus }) => isFocus);
  const lit = graph.edges.map(([from, to]) => from === focus || to === focus);
  return (
    <div className="program" ref={ref}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${placed.width} ${placed.height}`}
          style={{ width: Math.min(width, placed.width * 1.15) }}
          role="img"
          aria-labelledby={title}
        >
          <title id={title}>{what}</title>
          <Segment graph={graph} placed={placed} words={segment} />
          {placed.paths.map((path, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            <path key={i} d={path} className={lit[i] ? 'line lit' : 'line'} />
          ))}
          {graph.nodes.map((node, i) => (
            <NodeBox key={node.id} node={node} box={placed.boxes[i]} />
          ))}
        </svg>
      )}
    </div>
  );
}

const cut = (words: string, limit: number) => inertText(words, limit);

function NodeBox({ node: { kind, title, note, isFocus }, box: { x, y, width, height } }: { node: Node; box: Box }) {
  const middle = x + width / 2;
  return (
    <g className={`node ${kind}${isFocus ? ' focus' : ''}`}>
      {kind === 'run' && <rect x={x + 4} y={y - 4} width={width} height={height} rx={9} className="behind" />}
      <rect x={x} y={y} width={width} height={height} rx={kind === 'operator' || kind === 'run' ? 9 : height / 2} />
      <text x={middle} y={y + height / 2 - 4} className="name">
        {cut(title, 14)}
      </text>
      <text x={middle} y={y + height / 2 + 14} className="note">
        {cut(note, 18)}
      </text>
    </g>
  );
}

/** The segment in which the operator lies, where it is more than that operator. */
function Segment({ graph, placed, words }: { graph: Graph; placed: Placed; words: string }) {
  const own = graph.nodes.find(({ isFocus }) => isFocus)?.segment ?? -1;
  const boxes = placed.boxes.filter((_, i) => graph.nodes[i].segment === own && own >= 0);
  if (boxes.length < 2) return null;
  const left = Math.min(...boxes.map(({ x }) => x)) - 9;
  const top = Math.min(...boxes.map(({ y }) => y)) - 9;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + 9;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 9;
  return (
    <g className="segment">
      <rect x={left} y={top} width={right - left} height={bottom - top} rx={14} />
      <title>{words}</title>
    </g>
  );
}
