import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = new URL('../docs/figures.json', import.meta.url);

/** What a figure should be; `null` where it is only shown beside another. */
export type Aim = { readonly atMost: number } | { readonly atLeast: number } | null;

/** One measured figure. */
export interface Figure {
  /** Gas is whole; everything else is kept to three significant digits. */
  readonly value: number;
  /** `gas`, `s`, `ratio`, ... */
  readonly unit: string;
  readonly aim: Aim;
  /** The command that measures and writes it, e.g. `npm run gas`. */
  readonly command: string;
}

/** All recorded figures by name, or none where nothing was ever measured. */
export function readFigures(): Record<string, Figure> {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Whether the figure is within its aim; a figure without one always is. */
export function meetsAim({ value, aim }: Pick<Figure, 'value' | 'aim'>): boolean {
  if (aim === null) return true;
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast;
}

/**
 * Keeps a measured figure in `docs/figures.json`, sorted by name. Writes only where the environment says
 * `FIGURES=write` (as `npm run gas` and `npm run bench` do), so that running tests leaves a checkout clean.
 */
export function recordFigure(name: string, figure: Figure): void {
  if (process.env.FIGURES !== 'write') return;
  if (!Number.isFinite(figure.value)) throw new Error(`figure ${name} is not a number: ${figure.value}`);
  const { value, unit, aim, command } = figure;
  const figures = { ...readFigures(), [name]: { value: rounded(value, unit), unit, aim, command } };
  const sorted = Object.fromEntries(Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}

/**
 * Records a figure and holds it to its aim.
 * @throws Error naming the figure, its value and its aim when the aim is missed
 */
export function assertFigure(name: string, figure: Figure): void {
  recordFigure(name, figure);
  if (!meetsAim(figure)) {
    throw new Error(`${name} is ${format(figure.value)} ${figure.unit}, aim: ${aimText(figure.aim)}`);
  }
}

/** `at most 600,000`, `at least 5` or an empty string. */
export function aimText(aim: Aim): string {
  if (aim === null) return '';
  return 'atMost' in aim ? `at most ${format(aim.atMost)}` : `at least ${format(aim.atLeast)}`;
}

function rounded(value: number, unit: string): number {
  return unit === 'gas' ? Math.round(value) : Number(value.toPrecision(3));
}

function format(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

function printTable(): void {
  const entries = Object.entries(readFigures());
  if (entries.length === 0) {
    console.log('No figure was measured yet: npm run gas, npm run bench.');
    return;
  }
  const missed = entries.filter(([, figure]) => !meetsAim(figure));
  const met = entries.filter(([, figure]) => meetsAim(figure));
  const rows = [...missed, ...met].map(([name, figure]) => [
    meetsAim(figure) ? '' : 'MISSED',
    name,
    format(figure.value),
    figure.unit,
    aimText(figure.aim),
    figure.command,
  ]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, i) => (i === 2 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])));
    console.log(cells.join('  ').trimEnd());
  }
  console.log(`\n${met.length} of ${entries.length} within their aims`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) printTable();
