/** Plots drawn as SVG text, readable on light and dark pages. */
const WIDTH = 720;
const HEIGHT = 420;
const BOX = { left: 78, top: 40, right: 170, bottom: 52 };
const COLOURS = [
  '#1b7f4b',
  '#c0392b',
  '#2c6fbb',
  '#b7791f',
  '#7d3c98',
  '#16808a',
  '#7f8c8d',
  '#d35400',
  '#34495e',
  '#a0522d',
  '#d36ba8',
  '#5bb55b',
  '#4fb3d9',
];

export interface Axis {
  label: string;
  from: number;
  to: number;
}
export interface Series {
  name: string;
  points: readonly (readonly [number, number])[];
}
interface Frame {
  title: string;
  x: Axis;
  y: Axis;
}

/** Lines over two axes, with a legend beside them. */
export function lines(frame: Frame & { series: readonly Series[] }): string {
  const drawn = frame.series.map(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length];
    return path(frame, points, colour) + legend(i, name, `<rect width="14" height="4" y="4" fill="${colour}"/>`);
  });
  return page(frame, drawn.join('\n'));
}

/**
 * Cells coloured red where a value is above zero and green where it is below, the closed form drawn over them.
 * @param cells rows from the lowest y up, each from the lowest x
 */
export function heatMap(frame: Frame & { cells: readonly (readonly number[])[]; scale: number; line: Series }): string {
  const { cells, scale, line } = frame;
  const width = inner.width / cells[0].length;
  const height = inner.height / cells.length;
  const rects = cells.flatMap((row, j) =>
    row.map((value, i) => {
      const x = (BOX.left + i * width).toFixed(1);
      const y = (BOX.top + inner.height - (j + 1) * height).toFixed(1);
      return `<rect x="${x}" y="${y}" width="${(width + 0.3).toFixed(1)}" height="${(height + 0.3).toFixed(1)}" fill="${shade(value / scale)}"/>`;
    }),
  );
  const keys = [
    ['cheating pays', '#c0392b'],
    ['cheating loses', '#1b7f4b'],
  ].map(([name, colour], i) => legend(i, name, `<rect width="12" height="12" fill="${colour}"/>`));
  keys.push(legend(2, line.name, '<rect width="14" height="3" y="5" fill="#000"/>'));
  return page(frame, [...rects, ...keys, path(frame, line.points, '#000')].join('\n'));
}

const inner = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom };

const at = ({ x, y }: Frame, [a, b]: readonly [number, number]): readonly [number, number] => [
  BOX.left + (inner.width * (a - x.from)) / (x.to - x.from),
  BOX.top + inner.height - (inner.height * (b - y.from)) / (y.to - y.from),
];

function path(frame: Frame, points: Series['points'], colour: string): string {
  const shown = points.map((point) =>
    at(frame, point)
      .map((value) => value.toFixed(1))
      .join(','),
  );
  return `<polyline clip-path="url(#box)" fill="none" stroke="${colour}" stroke-width="2" points="${shown.join(' ')}"/>`;
}

function shade(value: number): string {
  const strength = Math.min(1, Math.abs(value));
  const mix = (full: number) => Math.round(250 + (full - 250) * (0.15 + 0.85 * strength));
  const [r, g, b] = value > 0 ? [192, 57, 43] : [27, 127, 75];
  return `rgb(${mix(r)},${mix(g)},${mix(b)})`;
}

const legend = (i: number, name: string, mark: string): string =>
  `<g transform="translate(${WIDTH - BOX.right + 12},${BOX.top + 8 + i * 20})">${mark}<text x="20" y="10">${name}</text></g>`;

function ticks(frame: Frame): string {
  const marks: string[] = [];
  for (let i = 0; i <= 5; i++) {
    const a = frame.x.from + ((frame.x.to - frame.x.from) * i) / 5;
    const b = frame.y.from + ((frame.y.to - frame.y.from) * i) / 5;
    const [x] = at(frame, [a, frame.y.from]);
    const [, y] = at(frame, [frame.x.from, b]);
    marks.push(`<text x="${x.toFixed(1)}" y="${HEIGHT - BOX.bottom + 18}" text-anchor="middle">${short(a)}</text>`);
    marks.push(`<text x="${BOX.left - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${short(b)}</text>`);
    marks.push(`<path d="M${BOX.left} ${y.toFixed(1)}h${inner.width}" stroke="#999" stroke-opacity=".25"/>`);
  }
  return marks.join('\n');
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function page(frame: Frame, body: string): string {
  const middle = BOX.top + inner.height / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<clipPath id="box"><rect x="${BOX.left}" y="${BOX.top}" width="${inner.width}" height="${inner.height}"/></clipPath>
<text x="${BOX.left}" y="24" font-size="15">${frame.title}</text>
${body}
${ticks(frame)}
<text x="${BOX.left + inner.width / 2}" y="${HEIGHT - 12}" text-anchor="middle">${frame.x.label}</text>
<text transform="translate(18,${middle}) rotate(-90)" text-anchor="middle">${frame.y.label}</text>
</svg>
`;
}
