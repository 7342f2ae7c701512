import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './suites.ts';

/** How many tests or checks passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
  /** Files of tests that failed, where it is known of all of them. */
  files?: string[];
}

/** Whether a step's output is passed on as it comes, or kept until it is done. */
export type Output = 'stream' | 'whole';

const LIMIT_MS = 30 * 60_000;
const LINGER_MS = 20_000;

/** What steps leave for this process to read; nothing of it is left behind. */
const folders = new Set<string>();
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Ends everything that runs now, when this process is told to stop. */
const running = new Set<() => void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    for (const kill of running) kill();
    process.exit(130);
  });

/**
 * Runs one step. A check counts as one; a step of tests as many as it reports, and as
 * one failure more where it died without a report, ran no test at all, or left something running when it was done.
 * Skipped tests count as failed where `CI` is set.
 */
export async function runStep(step: Step, title: string, output: Output): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-test-'));
  const countsFile = join(folder, 'counts.json');
  const outputFile = output === 'whole' ? join(folder, 'output.txt') : undefined;
  folders.add(folder);
  console.log(`\n${title}${outputFile ? ' runs beside the next; what it says follows when it is done' : ''}`);
  const end = await runProcess(step, countsFile, outputFile);
  if (outputFile) process.stdout.write(`\n${title}\n${readFileSync(outputFile, 'utf8')}`);
  if (!step.counts) return end === 'passed' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return countTests(countsFile, end);
}

type End = 'passed' | 'failed' | 'lingered' | 'timed out';

function runProcess(step: Step, countsFile: string, outputFile?: string): Promise<End> {
  const [command, ...args] = step.argv;
  const env = { ...process.env, TEST_COUNTS: countsFile };
  // a process group of its own, so that whatever it started ends with it
  const output = outputFile ? openSync(outputFile, 'w') : 'inherit';
  const child = spawn(command, args, { stdio: ['ignore', output, output], env, detached: true });
  if (typeof output === 'number') closeSync(output);
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it is gone already
    }
  };
  running.add(kill);

  return new Promise<End>((resolve) => {
    let stopped: End | undefined;
    let reportedAt = 0;
    const started = Date.now();
    const watch = setInterval(() => {
      if (!reportedAt && step.counts && existsSync(countsFile)) reportedAt = Date.now();
      if (reportedAt && Date.now() - reportedAt > LINGER_MS) stopped = 'lingered';
      else if (Date.now() - started > LIMIT_MS) stopped = 'timed out';
      if (stopped) kill();
    }, 500);
    const finish = (end: End) => {
      clearInterval(watch);
      running.delete(kill);
      resolve(end);
    };
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      finish('failed');
    });
    child.once('exit', (code) => {
      kill();
      finish(stopped ?? (code === 0 ? 'passed' : 'failed'));
    });
  });
}

function countTests(countsFile: string, end: End): Counts {
  if (!existsSync(countsFile)) {
    console.error(end === 'timed out' ? 'The tests did not end in time.' : 'The tests ended without a report.');
    return { passed: 0, failed: 1 };
  }
  const { passed, failed, skipped, files } = JSON.parse(readFileSync(countsFile, 'utf8'));
  const counts: Counts = { passed, failed: failed + (process.env.CI ? skipped : 0) };
  if (end === 'failed' && counts.failed === failed) counts.files = files;
  if (skipped > 0) console.error(`${skipped} skipped${process.env.CI ? ', counted as failed' : ''}`);
  if (passed + failed === 0) {
    console.error('No test ran.');
    counts.failed ||= 1;
  }
  if (end === 'lingered') {
    console.error('The tests left something running (a server, a timer, a worker) and were stopped.');
    counts.failed += 1;
  } else if (end !== 'passed') counts.failed ||= 1;
  return counts;
}
