import { EssaimError } from '@essaim/protocol';
import { StorageError } from '@essaim/storage';
import type { Essaim } from '../essaim.ts';
import { type ConnectionOptions, connectFromFiles } from './connection.ts';

/** Tells what happens: one line of JSON on standard output. */
export type Say = (line: object) => void;

/** Milliseconds after which a daemon that was told to stop is stopped. */
const LINGER = 5_000;

const say: Say = (line) =>
  console.log(JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? String(value) : value)));

/**
 * Runs `work` with a connection until SIGINT or SIGTERM aborts its signal. What was being done then is found again on
 * the chain at the next start, so nothing is lost by stopping anywhere.
 */
export async function daemon(
  options: ConnectionOptions,
  work: (essaim: Essaim, say: Say, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      setTimeout(() => process.exit(0), LINGER).unref();
      stop.abort(new DOMException(`told to stop by ${name}`, 'AbortError'));
    });
  }
  const essaim = await connectFromFiles(options);
  try {
    say({ event: 'ready', address: await essaim.signer?.getAddress(), chainId: essaim.deployment.chainId });
    await work(essaim, say, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    essaim.close();
  }
  if (stop.signal.aborted) process.exit(0);
}

/** Runs a command line; an error of ours is printed as code, message and help, and ends the process with 1. */
export async function main(program: { parseAsync(): Promise<unknown> }): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof EssaimError || error instanceof StorageError)) throw error;
    console.error(`${error.code}: ${error.message}\n${error.help}`);
    process.exit(1);
  }
}
