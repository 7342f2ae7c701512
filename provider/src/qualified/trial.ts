import { fork } from 'node:child_process';
import { EssaimError } from '@essaim/protocol';
import { type Engine, type Qualification, workerEnvironment } from '@essaim/runtime';

/** A model to be tried, as the process that tries it is told. */
export interface Given {
  readonly onnx: Uint8Array;
  readonly engines: readonly Engine[];
}

/** What came of it: a qualification on the one engine that takes the whole model, or what went wrong. */
export type Outcome =
  | { readonly engine: Engine; readonly found: Qualification }
  | { readonly code: string; readonly message: string; readonly help: string };

/** Milliseconds. */
const LIMIT = 1_800_000;

/**
 * Tries all kernels of a model in a process of its own, for it may be anybody's: what crashes there, or takes too much, ends
 * there. TRIAL_FAILED, ENGINE_NONE, and what compiling throws
 */
export async function tryModel(given: Given, limit = LIMIT): Promise<{ engine: Engine; found: Qualification }> {
  const child = fork(new URL('./trial-process.ts', import.meta.url), {
    ...{ serialization: 'advanced', env: workerEnvironment() },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  try {
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Outcome));
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? code}`)));
      child.send(given, (error) => error && reject(error));
    });
    if ('found' in outcome) return outcome;
    throw new EssaimError(outcome.code, outcome.message, { help: outcome.help });
  } catch (cause) {
    if (cause instanceof EssaimError) throw cause;
    throw new EssaimError('TRIAL_FAILED', `this model could not be tried: ${(cause as Error).message}`, {
      help: 'it may need more memory or time than there is, or crash the engine: do not sell it',
      cause,
    });
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
