import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, type Output, runStep } from './test/run-step.ts';
import { type Step, type Suite, suites, WITHOUT_BUILD } from './test/suites.ts';

type Row = Counts & { name: string; seconds: number };

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// most of the time that a test's process takes to start is its sources'
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/node');

const LONGEST = ['app', 'e2e'];
/** More files than these fail for a reason. */
const FEW = 2;
/** Files of tests that passed at their second try only. */
const unsteady: string[] = [];

const rows: Row[] = [];
const all = chosen(suites(), process.argv.slice(2));
const first = all.filter(({ name }) => WITHOUT_BUILD.has(name));
await inTurn([...first], 'stream');
const rest = all.filter((suite) => !first.includes(suite));
// the longest first, and two at once: what one of them prints is shown when it is done
const queue = rest.toSorted((a, b) => LONGEST.indexOf(b.name) - LONGEST.indexOf(a.name));
const lanes: Output[] = queue.length > 1 ? ['whole', 'stream'] : ['stream'];
await Promise.all(lanes.map((output) => inTurn(queue, output)));
rows.sort((a, b) => place(a) - place(b));
report(rows);

/** Takes suites from a queue until it is empty. */
async function inTurn(queue: Suite[], output: Output): Promise<void> {
  for (let suite = queue.shift(); suite; suite = queue.shift()) rows.push(await run(suite, output));
}

async function run(suite: Suite, output: Output): Promise<Row> {
  const started = performance.now();
  const row = { name: suite.name, passed: 0, failed: 0, seconds: 0 };
  if (!WITHOUT_BUILD.has(suite.name) && rows.some(({ name, failed }) => name === 'build' && failed > 0)) {
    console.log(`\n== ${suite.name}: not run, because the build failed`);
    return { ...row, failed: 1 };
  }
  for (const step of suite.steps) {
    const title = `== ${suite.name}${suite.steps.length > 1 ? `: ${step.title}` : ''}`;
    const counts = await runStep(step, title, output);
    const again = suite.waits ? await secondTry(step, counts, title, output) : counts.failed;
    row.passed += counts.passed + counts.failed - again;
    row.failed += again;
  }
  return { ...row, seconds: (performance.now() - started) / 1000 };
}

/** Runs the files once more in which tests failed that wait for other processes; how many fail again. */
async function secondTry(step: Step, { failed, files }: Counts, title: string, output: Output): Promise<number> {
  if (failed === 0 || !files || files.length > FEW) return failed;
  const argv = step.argv.filter((word) => !word.endsWith('.test.ts') || files.includes(word));
  const counts = await runStep({ ...step, argv }, `${title}, a second time: ${files.join(', ')}`, output);
  if (counts.failed > 0) return failed;
  unsteady.push(...files);
  return 0;
}

function place({ name }: Row): number {
  return all.findIndex((suite) => suite.name === name);
}

/** The suites asked for, or all; what needs compiled contracts brings the build along. */
function chosen(all: Suite[], names: string[]): Suite[] {
  if (names.length === 0) return all;
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    console.error(`There is no suite '${unknown}'. There are: ${all.map(({ name }) => name).join(', ')}.`);
    process.exit(1);
  }
  const build = names.some((name) => !WITHOUT_BUILD.has(name));
  return all.filter(({ name }) => names.includes(name) || (build && name === 'build'));
}

function report(rows: Row[]): void {
  const sum = (key: 'passed' | 'failed') => rows.reduce((total, row) => total + row[key], 0);
  const width = Math.max(...rows.map(({ name }) => name.length), 'suite'.length);
  console.log(`\n${'suite'.padEnd(width)}  passed  failed  seconds`);
  for (const { name, passed, failed, seconds } of rows) {
    const numbers = [String(passed).padStart(6), String(failed).padStart(6), seconds.toFixed(1).padStart(7)];
    console.log(`${name.padEnd(width)}  ${numbers.join('  ')}`);
  }
  if (unsteady.length > 0) console.log(`\npassed at the second try only: ${unsteady.join(', ')}`);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
