import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { EssaimError } from '@essaim/protocol';

/** A program that is no child of ours to talk with: it logs, and listens when it is ready. */
export interface Service {
  readonly pid: number;
  /** The end of what it logged. */
  log(): string;
  /** Asks it to end by its signal, and after three seconds by force. */
  stop(): Promise<void>;
}

interface Wanted {
  name: string;
  command: string;
  args: string[];
  /** Which signal ends it in order. */
  signal: NodeJS.Signals;
  options?: SpawnOptions;
  /** Whether what it logged so far, or anything else, says that it is ready. */
  isReady(log: string): boolean | Promise<boolean>;
}

const LOG = 20_000;
const PATIENCE_MS = 60_000;

/** @throws EssaimError STACK_FAILED with the end of its log where it ends, or is not ready in a minute */
export async function startService({ name, command, args, signal, options, isReady }: Wanted): Promise<Service> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const note = (bytes: Buffer) => {
    log = (log + bytes).slice(-LOG);
  };
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(failure(name, cause.message, log)));
    child.once('exit', (code, by) => reject(failure(name, `it ended with ${code ?? by}`, log)));
  });
  failed.catch(() => {});
  const stop = () => stopChild(child, signal);
  try {
    await Promise.race([failed, ready(name, () => isReady(log))]);
  } catch (error) {
    await stop();
    throw error instanceof EssaimError ? failure(name, error.message, log) : error;
  }
  return { pid: child.pid!, log: () => log, stop };
}

async function ready(name: string, isReady: () => boolean | Promise<boolean>): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; !(await isReady()); ) {
    if (Date.now() > until) throw failure(name, 'it was not ready in a minute', '');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const failure = (name: string, what: string, log: string) =>
  new EssaimError('STACK_FAILED', `${name} did not start: ${what}${log ? `\n${log.slice(-2_000)}` : ''}`, {
    help: 'its own words are above; a port in use or a missing library is the usual cause',
  });

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await gone;
  clearTimeout(timer);
}
