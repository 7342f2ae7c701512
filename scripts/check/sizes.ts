import { read, sources } from './sources.ts';

/** One idea, one file, tests apart: the median stays small, and at most one file of an area is longer than the limit. */
const MEDIAN = 90;
const LONG = 300;
const LIMIT = 500;

const areas = new Map<string, { path: string; lines: number }[]>();
const isTest = (path: string): boolean => /(^|\/)test\//.test(path);
for (const path of [...sources('**/*.{ts,tsx}'), ...sources('**/*.sol')].filter((file) => !isTest(file))) {
  const lines = read(path).split('\n').length - 1;
  const area = path.includes('/') ? path.split('/')[0] : '.';
  areas.set(area, [...(areas.get(area) ?? []), { path, lines }]);
}

let failed = false;
for (const [area, files] of [...areas].sort()) {
  files.sort((a, b) => b.lines - a.lines);
  const median = files[Math.floor(files.length / 2)].lines;
  const long = files.filter(({ lines }) => lines > LONG);
  console.log(
    `${area.padEnd(12)} ${String(files.length).padStart(4)} files, median ${median} lines, ${long.length} over ${LONG}`,
  );
  for (const { path, lines } of long) console.log(`  ${lines} ${path}`);
  if (median > MEDIAN) failed = complain(`${area}: the median is over ${MEDIAN} lines`);
  if (files.filter(({ lines }) => lines > LIMIT).length > 1) {
    failed = complain(`${area}: more than one file is over ${LIMIT} lines`);
  }
}
if (failed) process.exitCode = 1;

function complain(message: string): true {
  console.error(message);
  return true;
}
