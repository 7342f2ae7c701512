/**
 * Writes the committed digits as CSV, a line each: `digit` and the grey levels `p0` to `p63`.
 * `node models/digits/write-csv.ts digits.csv [train|held-out|all]`; schema.json beside this file makes them a
 * data set to train on.
 */
import { writeFileSync } from 'node:fs';
import { loadDigits } from './digits.ts';

const ROWS = ['train', 'held-out', 'all'] as const;

/** The rows as CSV. */
export function digitsCsv(which: (typeof ROWS)[number] = 'all'): string {
  const { scans, labels, heldOut } = loadDigits();
  const isHeldOut = new Set(heldOut);
  const header = ['digit', ...Array.from(scans[0], (_, i) => `p${i}`)].join(',');
  const rows = scans.flatMap((scan, row) => {
    const wanted = which === 'all' || isHeldOut.has(row) === (which === 'held-out');
    return wanted ? [[labels[row], ...scan].join(',')] : [];
  });
  return `${[header, ...rows].join('\n')}\n`;
}

if (import.meta.main) {
  const [file, which = 'all'] = process.argv.slice(2);
  if (!file || !ROWS.some((name) => name === which)) {
    console.error(`usage: node models/digits/write-csv.ts FILE [${ROWS.join('|')}]`);
    process.exit(1);
  }
  writeFileSync(file, digitsCsv(which as (typeof ROWS)[number]));
}
