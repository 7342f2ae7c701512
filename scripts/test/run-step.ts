import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './suites.ts';

/** How many tests or checks passed and failed. */
export interface Counts {
  passed: number;
  failed: number;
}

const LIMIT_MS = 15 * 60_000;
const LINGER_MS = 20_000;

/**
 * Runs one step with its output passed through. A check counts as one; a step of tests as many as it reports, and as
 * one failure more where it died without a report, ran no test at all, or left something running when it was done.
 * Skipped tests count as failed where `CI` is set.
 */
export async function runStep(step: Step): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-test-'));
  const countsFile = join(folder, 'counts.json');
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const end = await runProcess(step, countsFile);
  if (!step.counts) return end === 'passed' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  return countTests(countsFile, end);
}

type End = 'passed' | 'failed' | 'lingered' | 'timed out';

function runProcess(step: Step, countsFile: string): Promise<End> {
  const [command, ...args] = step.argv;
  const env = { ...process.env, TEST_COUNTS: countsFile };
  // a process group of its own, so that whatever it started ends with it
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, detached: true });
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it is gone already
    }
  };
  const interrupted = () => {
    kill();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);

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
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
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
  const { passed, failed, skipped } = JSON.parse(readFileSync(countsFile, 'utf8'));
  const counts = { passed, failed: failed + (process.env.CI ? skipped : 0) };
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
