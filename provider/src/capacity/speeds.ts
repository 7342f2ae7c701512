import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { written } from '@essaim/runtime';

/** What is known of how fast a program is done here. Seconds. */
interface Speed {
  /** One input's execution and commitment alone, as a probe or a run measured it. */
  tracing?: number;
  /** The newest jobs: inputs, and how long all of it took from the first download to the submission. */
  runs: [inputs: number, seconds: number][];
}

/** Jobs of a program that are remembered. */
const KEEP = 16;
/** Seconds for what surrounds an execution, where no job was done yet: download, upload, a transaction. */
const AROUND = 2;
/** How far above the line through what was seen a single job may lie and be believed. */
const SPREAD = 4;

/** How long jobs take on this device, learnt from those that were done; kept in a file where one is named. */
export class Speeds {
  readonly #file: string | undefined;
  readonly #known: Map<string, Speed>;
  #writing: Promise<void> = Promise.resolve();

  constructor(file?: string) {
    this.#file = file;
    this.#known = new Map(Object.entries(file ? readSpeeds(file) : {}));
  }

  /** Seconds that a job of so many inputs takes, as the slowest seen took; undefined before anything was measured. */
  expected(program: string, inputs: number): number | undefined {
    const speed = this.#known.get(program);
    if (!speed) return undefined;
    const { tracing, runs } = speed;
    if (runs.length === 0) return tracing === undefined ? undefined : AROUND + inputs * tracing;
    const { fixed, each } = lineThrough(runs, tracing ?? 0);
    const spread = Math.max(1, ...runs.map(([n, seconds]) => seconds / (fixed + n * each)));
    return (fixed + inputs * each) * Math.min(SPREAD, spread);
  }

  /** Seconds that an input takes beside others, where that is known. */
  perInput(program: string): number | undefined {
    const { tracing, runs = [] } = this.#known.get(program) ?? {};
    return runs.length > 0 ? lineThrough(runs, tracing ?? 0).each : tracing;
  }

  /** Notes a measurement of single executions. */
  probed(program: string, secondsPerInput: number): void {
    this.#of(program).tracing = secondsPerInput;
    this.#keep();
  }

  /** Notes a job that was done: how long all of it took, and its executions alone. */
  observed(program: string, inputs: number, seconds: number, tracing: number): void {
    const speed = this.#of(program);
    speed.runs = [...speed.runs, [inputs, seconds] as [number, number]].slice(-KEEP);
    speed.tracing = tracing / inputs;
    this.#keep();
  }

  /** Resolves when everything is on the disk. */
  get kept(): Promise<void> {
    return this.#writing;
  }

  #of(program: string): Speed {
    const known = this.#known.get(program) ?? { runs: [] };
    this.#known.set(program, known);
    return known;
  }

  #keep(): void {
    const file = this.#file;
    if (file === undefined) return;
    const text = JSON.stringify(Object.fromEntries(this.#known));
    // what is lost is measured again
    const write = () => mkdir(dirname(file), { recursive: true }).then(() => written(file, text));
    this.#writing = this.#writing.then(write).catch(() => undefined);
  }
}

/** Least squares of seconds by inputs, with nothing below zero and no input faster than its execution alone. */
function lineThrough(runs: Speed['runs'], tracing: number): { fixed: number; each: number } {
  const mean = (of: (run: [number, number]) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  const [inputs, seconds] = [mean(([n]) => n), mean(([, s]) => s)];
  const variance = mean(([n]) => (n - inputs) ** 2);
  const slope = variance > 0 ? mean(([n, s]) => (n - inputs) * (s - seconds)) / variance : tracing || seconds / inputs;
  const each = Math.max(slope, Math.min(tracing, seconds / inputs));
  return { fixed: Math.max(0, seconds - each * inputs), each };
}

function readSpeeds(file: string): Record<string, Speed> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // none yet, or damaged: it is learnt again
    return {};
  }
}
