/**
 * Many jobs on a local chain whose time runs as fast as this machine does, with cheats, restarts and a bad endpoint; then
 * the truth is read from the chain. Ends with 1 where something does not hold. Ctrl-C ends the posting, a second one all.
 *   npm run soak -- --jobs 10000 --seed 1 [--minutes 60] [--providers 6] [--faults 0.01] [--report docs/reports/soak.md]
 *     [--logs FOLDER]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { recordSoak } from './soak/figures.ts';
import { plotOf } from './soak/plot.ts';
import { Progress } from './soak/progress.ts';
import { reportOf } from './soak/report.ts';
import { Soak } from './soak/soak.ts';
import { brokenBy, outcomeOf } from './soak/truth/outcome.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
    providers: { type: 'string', default: '6' },
    faults: { type: 'string', default: '0.01' },
    report: { type: 'string' },
    logs: { type: 'string' },
  },
});
const [jobs, seed, minutes, providers, faults] = (['jobs', 'seed', 'minutes', 'providers', 'faults'] as const).map(
  (name) => {
    const number = Number(values[name]);
    if (Number.isFinite(number) && number >= 0) return number;
    throw new Error(`--${name} takes a number, not ${values[name]}`);
  },
);
const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
  process.once('SIGINT', async () => {
    await soak.hive.close();
    process.exit(130);
  });
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    await soak.hive.close();
    process.exit(143);
  });
}
const progress = new Progress();
const soak = new Soak({ jobs, seed, minutes, providers, faults, progress, logs: values.logs, signal: stop.signal });
try {
  const failure = await soak.play().then(
    () => null,
    (error: Error) => error.message,
  );
  const outcome = await outcomeOf(soak);
  const broken = [...(failure ? [failure] : []), ...brokenBy(outcome)];
  const plot = (values.report ?? '').replace(/\.md$/, '.svg');
  const report = reportOf(soak, outcome, broken, basename(plot));
  console.log(report);
  if (values.report) {
    mkdirSync(dirname(values.report), { recursive: true });
    writeFileSync(values.report, report);
    writeFileSync(plot, plotOf(soak.memory.series));
  }
  recordSoak(soak, outcome);
  if (broken.length > 0) {
    for (const line of soak.hive.tally.failures.values()) console.error(JSON.stringify(line));
    process.exitCode = 1;
  }
} finally {
  await soak.hive.close();
}
