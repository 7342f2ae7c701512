import { useId } from 'react';

/** The cells of a small comb, in rows; the one that is wrong is named. */
const ROWS = [4, 5, 6, 5, 4];
const WRONG = { row: 2, column: 3 };
const WIDTH = 46;
const HEIGHT = 53;

const CELLS = ROWS.flatMap((count, row) =>
  Array.from({ length: count }, (_, column) => {
    const isWrong = row === WRONG.row && column === WRONG.column;
    return {
      x: 145 + (column - (count - 1) / 2) * WIDTH,
      y: 38 + row * 0.76 * HEIGHT,
      shade: isWrong ? 1 : 0.35 + 0.13 * ((row * 7 + column * 3) % 5),
      isWrong,
    };
  }),
);

/** A computation as a comb of numbers, one of which is not what its neighbours make it. */
export function HowItWorks() {
  const id = useId();
  return (
    <svg className="comb" viewBox="0 0 290 236" role="img" aria-labelledby={id}>
      <title id={id}>A computation drawn as cells of a comb: one number of many is wrong, and is found.</title>
      {CELLS.map(({ x, y, shade, isWrong }) => (
        <g key={`${x}/${y}`} className={isWrong ? 'wrong' : undefined}>
          <path d={cell(x, y)} style={{ opacity: shade }} />
          {isWrong && (
            <text x={x} y={y + 6}>
              ≠
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

function cell(x: number, y: number): string {
  const [w, h] = [WIDTH / 2 - 2, HEIGHT / 2 - 2];
  return `M${x} ${y - h}l${w} ${h / 2}v${h}l${-w} ${h / 2}l${-w} ${-h / 2}v${-h}z`;
}
