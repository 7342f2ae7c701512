/**
 * Kills daemons at every state of every transaction that they send, so many times over, and writes what came of it:
 * npm run faults -- [times].
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DEEDS, STATES } from '../test/e2e/kill/deeds.ts';
import { recordFigure } from './figures.ts';

interface Play {
  readonly scene: string;
  readonly injected: readonly string[];
  readonly survived: boolean;
}

const REPORT = 'docs/reports/faults.md';
const COMMAND = 'npm run faults';
/** Test files at once: each has a chain and a storage of its own, and waits for them half of its time. */
const AT_ONCE = 2 * availableParallelism();

const times = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), 'essaim-faults-'));
const log = join(folder, 'plays');
writeFileSync(log, '');
const files = globSync('test/e2e/killed-*.test.ts').sort();
const began = performance.now();
const broken: string[] = [];
const waiting = Array.from({ length: times }, (_, i) => files.map((file) => ({ time: i + 1, file }))).flat();
const hand = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { time, file } = next;
    const { code, said } = await run(file);
    if (code !== 0) broken.push(`Time ${time}, ${file}:\n\n${said}`);
    console.log(`${time} of ${times}, ${basename(file)}: ${minutes()} minutes, ${broken.length} files failed`);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, hand));
const plays = readFileSync(log, 'utf8')
  .trim()
  .split('\n')
  .filter(Boolean)
  .map((line): Play => JSON.parse(line));
rmSync(folder, { recursive: true });
writeFileSync(REPORT, report());
const injected = kills(plays);
const survived = kills(plays.filter((play) => play.survived));
const once = STATES.length * Object.values(DEEDS).flat().length;
recordFigure('count.faults.injected', {
  value: injected,
  unit: 'kills',
  aim: { atLeast: times * once },
  command: COMMAND,
});
recordFigure('count.faults.survived', { value: survived, unit: 'kills', aim: { atLeast: injected }, command: COMMAND });
console.log(`${survived} of ${injected} kills survived; ${REPORT}`);
process.exitCode = broken.length > 0 || survived < injected || injected < times * once ? 1 : 0;

function run(file: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn('mocha', ['--timeout', '200000', file], { env: { ...process.env, FAULTS_LOG: log } });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

function minutes(): number {
  return Math.round((performance.now() - began) / 60_000);
}

function kills(some: readonly Play[]): number {
  return some.reduce((sum, play) => sum + play.injected.length, 0);
}

function report(): string {
  const scenes = Object.entries(DEEDS).map(([scene, deeds]) => {
    const own = plays.filter((play) => play.scene === scene);
    const ended = own.filter((play) => play.survived).length;
    return `| ${scene} | ${deeds.join(', ')} | ${kills(own)} | ${ended} of ${times} |`;
  });
  return [
    '# Daemons that are killed',
    '',
    `Written by \`${COMMAND}\`. Every transaction that a provider, trainer, sponsor, verifier or auditor sends has a scene in which its`,
    `daemon is killed by SIGKILL at each state of it (${STATES.join(', ')}), started again on the same folder, and at the end the chain is`,
    'asked whether everything was done, and done once. `test/e2e/deeds.test.ts` compares the list with what the sources send.',
    '',
    `${times} times over, ${AT_ONCE} scenes at once, on ${cpus().length} cores in ${minutes()} minutes: **${kills(plays)} kills, ` +
      `${kills(plays.filter((play) => play.survived))} of them in scenes that ended well.**`,
    '',
    '| scene | transactions killed at | kills | ended well |',
    '| --- | --- | --- | --- |',
    ...scenes,
    '',
    ...(broken.length === 0 ? [] : ['## What failed', '', ...broken.map((text) => `\`\`\`\n${text.trim()}\n\`\`\`\n`)]),
  ].join('\n');
}
