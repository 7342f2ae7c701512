import type { LineageLink, ModelRow } from '@essaim/sdk';
import { useId } from 'react';
import { inertText } from '../../parts/inert-text.ts';
import { useAsk } from '../../reading/use-ask.ts';
import { to } from '../../route/route.ts';
import { edgePath, layOut, NODE, type Placed } from './lineage-layout.ts';

/** What a model comes from and what comes from it, as a picture whose nodes are links. */
export function Lineage({ of: row, name }: { of: ModelRow; name: string | undefined }) {
  const id = useId();
  const { value: grand } = useAsk(
    async ({ reading }) => {
      const parents = row.parents.filter(({ kind }) => kind === 'model').slice(0, 8);
      const rows = await Promise.all(parents.map(({ asset }) => reading.model(asset)));
      return rows.flatMap(({ value }) => (value ? value.parents.map((link) => ({ link, child: value.id })) : []));
    },
    [row.id],
  );
  const children = row.children ?? [];
  const isAlone = row.parents.length === 0 && children.length === 0;
  const { nodes, edges, width, height } = layOut(row.id, row.parents, children, grand ?? []);
  return (
    <section className="card">
      <h2 id={id}>Lineage</h2>
      {isAlone ? (
        <p>
          It comes from no other asset, and{' '}
          {row.children ? 'none comes from it.' : 'what comes from it an indexer knows.'}
        </p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <section className="scroll" tabIndex={0} aria-label="Lineage, from left to right">
            {/* biome-ignore lint/a11y/useSemanticElements: a picture cannot be a fieldset */}
            <svg
              className="lineage"
              viewBox={`0 0 ${width} ${height}`}
              width={width}
              height={height}
              role="group"
              aria-labelledby={id}
            >
              <defs>
                <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
                  <path d="M0 0l8 4-8 4z" />
                </marker>
              </defs>
              {edges.map(({ from, to: end, link }) => (
                // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
                <g key={`${from.key}-${end.key}`} aria-hidden="true">
                  <path d={edgePath(from, end)} markerEnd="url(#arrow)" />
                  <text
                    className="bps"
                    x={(from.x + NODE.width + end.x) / 2}
                    y={(from.y + end.y + NODE.height) / 2 - 6}
                  >
                    {percent(link.bps)}
                  </text>
                </g>
              ))}
              {nodes.map((node) => (
                <Node key={node.key} of={node} label={node.id === row.id ? inertText(name, 18) : undefined} />
              ))}
            </svg>
          </section>
          <p className="muted">
            Each arrow says what the older draws of what the younger earns, for good.{' '}
            {children.length > 99 && 'A hundred of those that come from it are shown.'}
          </p>
        </>
      )}
    </section>
  );
}

function Node({ of: { id, kind, x, y, link, role }, label }: { of: Placed; label: string | undefined }) {
  const hex = id.toString(16).padStart(64, '0');
  const text = label || `${kind === 'dataset' ? 'data ' : ''}0x${hex.slice(0, 6)}…`;
  const words = `${kind === 'dataset' ? 'Data set' : 'Model'} ${text}, ${ROLES[role]}${link ? `, draws ${percent(link.bps)}` : ''}`;
  const shape = (
    <>
      <rect x={x} y={y} width={NODE.width} height={NODE.height} rx="10" className={role} />
      <text x={x + NODE.width / 2} y={y + NODE.height / 2 + 5}>
        {text}
      </text>
    </>
  );
  if (role === 'self') return <g>{shape}</g>;
  return (
    <a href={kind === 'dataset' ? to('training', 'dataset', id) : to('models', id)} aria-label={words}>
      {shape}
    </a>
  );
}

const ROLES: Record<Placed['role'], string> = {
  self: 'this one',
  parent: 'which this one comes from',
  grand: 'which its parents come from',
  child: 'which comes from this one',
};

const percent = (bps: LineageLink['bps']): string => `${(bps / 100).toLocaleString('en')} %`;
