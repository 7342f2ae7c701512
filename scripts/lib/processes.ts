import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Line = Record<string, unknown>;

/** A child that speaks in lines of JSON on its standard output. */
export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** The first line: what others need to know of it. */
  readonly ready: Line;
  stop(): Promise<void>;
}

/** Children of this process: stopped in reverse order of their start. */
export class Family {
  readonly #children: Child[] = [];

  /** Starts `node <args>` and resolves with its first line of JSON; later lines go to `onLine`. */
  async start(name: string, args: string[], onLine: (line: Line) => void = () => {}): Promise<Child> {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes).slice(-4_000);
    });
    const lines = createInterface({ input: child.stdout });
    const ready = await new Promise<Line>((resolve, reject) => {
      let isReady = false;
      lines.on('line', (text) => {
        if (!text.startsWith('{')) return;
        const line = JSON.parse(text) as Line;
        if (isReady) onLine(line);
        isReady = true;
        resolve(line);
      });
      child.once('exit', (code) => {
        if (isReady) onLine({ event: 'exit', code, complaint });
        reject(new Error(`${name} ended with ${code} before it was ready\n${complaint}`));
      });
    });
    const made: Child = { name, process: child, ready, stop: () => stop(child) };
    this.#children.push(made);
    return made;
  }

  /** Children that run now. */
  alive(): Child[] {
    return this.#children.filter(({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null);
  }

  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) await child.stop();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
