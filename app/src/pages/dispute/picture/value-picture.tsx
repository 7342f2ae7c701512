import type { ElementFault } from '@essaim/sdk';
import { useId } from 'react';
import { sheetOf } from './sheet.ts';
import { useWidth } from './use-width.ts';

const CELL = 26;
/** Room beside the sheet for the number that the element holds. */
const SAYS = 96;

/** The tensor that the operator made, as its last two axes, with the one element that was wrong. */
export function ValuePicture({ fault }: { fault: ElementFault }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const title = useId();
  const { dims, at, claimed } = fault;
  const room = Math.max(4, Math.floor((width - 70 - SAYS) / CELL));
  const sheet = sheetOf(dims, at, { rows: 8, columns: Math.min(16, room) });
  const { shownRows, shownColumns, firstRow, firstColumn, row, column, sheets } = sheet;
  const behind = Math.min(2, sheets - 1);
  const offset = 7 * behind;
  const [w, h] = [shownColumns * CELL, shownRows * CELL];
  const isLow = row - firstRow > shownRows / 2;
  const cut = {
    left: firstColumn > 0,
    right: firstColumn + shownColumns < sheet.columns,
    top: firstRow > 0,
    bottom: firstRow + shownRows < sheet.rows,
  };
  const [markX, markY] = [(column - firstColumn) * CELL, offset + (row - firstRow) * CELL];
  return (
    <div className="value" ref={ref}>
      <svg
        viewBox={`-26 -22 ${w + offset + 52 + SAYS} ${h + offset + 44}`}
        style={{ width: w + offset + 52 + SAYS }}
        role="img"
        aria-labelledby={title}
      >
        <title id={title}>{`${wordsOf(fault)} It holds ${claimed}.`}</title>
        {Array.from({ length: behind }, (_, i) => behind - i).map((depth) => (
          <rect key={depth} x={7 * depth} y={offset - 7 * depth} width={w} height={h} rx={4} className="sheet" />
        ))}
        <rect x={0} y={offset} width={w} height={h} rx={4} className="sheet front" />
        <g className="cells">
          {Array.from({ length: shownColumns - 1 }, (_, i) => (i + 1) * CELL).map((x) => (
            <line key={`c${x}`} x1={x} x2={x} y1={offset} y2={offset + h} />
          ))}
          {Array.from({ length: shownRows - 1 }, (_, i) => offset + (i + 1) * CELL).map((y) => (
            <line key={`r${y}`} x1={0} x2={w} y1={y} y2={y} />
          ))}
        </g>
        <rect x={0} y={markY} width={w} height={CELL} className="lane" />
        <rect x={markX} y={offset} width={CELL} height={h} className="lane" />
        <Callout x={markX + CELL / 2} y={markY + CELL / 2} edge={w + offset + 16} of={claimed} />
        <rect x={markX + 1} y={markY + 1} width={CELL - 2} height={CELL - 2} rx={3} className="wrong" />
        <text x={markX + CELL / 2} y={offset - 7 - (behind ? 7 * behind - 7 : 0)} className="axis">
          {column}
        </text>
        <text x={-8} y={markY + CELL / 2 + 4} className="axis end">
          {dims.length > 1 ? row : ''}
        </text>
        {cut.left && <Fade x={-14} y={offset + h * (isLow ? 0.15 : 0.85)} words="…" />}
        {cut.right && <Fade x={w + offset + 12} y={offset + h * (isLow ? 0.15 : 0.85)} words="…" />}
        {cut.top && behind === 0 && <Fade x={w * 0.1} y={offset - 8} words="⋮" />}
        {cut.bottom && <Fade x={w * 0.1} y={offset + h + 16} words="⋮" />}
      </svg>
    </div>
  );
}

/** What the element holds, at the side of the sheet. */
function Callout({ x, y, edge, of }: { x: number; y: number; edge: number; of: string }) {
  return (
    <g className="callout">
      <path d={`M${x} ${y}H${edge}`} />
      <text x={edge + 6} y={y + 5}>
        {of}
      </text>
    </g>
  );
}

function Fade({ x, y, words }: { x: number; y: number; words: string }) {
  return (
    <text x={x} y={y} className="axis">
      {words}
    </text>
  );
}

/** Where the element stands, in words. */
export function wordsOf({ dims, at, output }: ElementFault): string {
  const which = output === 0 ? 'its result' : `its result ${output + 1}`;
  if (dims.length === 0) return `The only number of ${which}.`;
  const all = dims.reduce((product, size) => product * size, 1);
  return `The number at [${at.join(', ')}] of ${which}, one of ${all.toLocaleString('en')} (${dims.join(' × ')}).`;
}
