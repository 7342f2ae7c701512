import { EssaimError } from '@essaim/protocol';
import { pause } from '../chain/wait.ts';
import type { Answer, Trouble, Watched } from './types/index.ts';

export interface WatchOptions {
  signal?: AbortSignal;
  /** Milliseconds between two looks while all is well. Default 4,000. */
  interval?: number;
  /** Milliseconds until a look that does not end is given up. Default 30,000. */
  timeout?: number;
}

const INTERVAL = 4_000;
const TIMEOUT = 30_000;
const LONGEST = 60_000;

/** Asks until the signal is aborted; see `Reading.watch`. `hashOf` tells a block's hash as the chain has it now. */
export async function* watched<T>(
  ask: () => Promise<Answer<T>>,
  hashOf: (block: number) => Promise<string | undefined>,
  { signal, interval = INTERVAL, timeout = TIMEOUT }: WatchOptions,
): AsyncGenerator<Watched<T>> {
  let answer: Answer<T> | undefined;
  let trouble: Trouble | undefined;
  let failures = 0;
  while (!signal?.aborted) {
    let wait = interval;
    try {
      const next = await within(timeout, signal, async () => {
        const newest = await ask();
        return { newest, reorganised: answer !== undefined && (await wasTakenBack(answer, newest, hashOf)) };
      });
      const isNews = trouble !== undefined || next.reorganised || !answer || told(answer) !== told(next.newest);
      answer = next.newest;
      trouble = undefined;
      failures = 0;
      if (isNews) yield { answer, ...(next.reorganised && { reorganised: true }) };
    } catch (cause) {
      if (signal?.aborted) return;
      failures++;
      wait = Math.max(Number((cause as EssaimError).details?.retryAfter ?? 0), backoff(interval, failures));
      const now = Date.now();
      const before = trouble;
      trouble = { ...troubleOf(cause), since: before?.since ?? now, retryAt: now + wait };
      if (before?.code !== trouble.code) yield { ...(answer && { answer }), trouble };
    }
    await pause(jittered(wait), signal).catch(() => {});
  }
}

/** What is wrong, in words for a person. */
export function troubleOf(cause: unknown): Trouble {
  if (cause instanceof EssaimError) return { code: cause.code, message: cause.message, help: cause.help };
  return { code: 'READING_FAILED', message: String((cause as Error)?.message ?? cause), help: 'try again' };
}

/** Twice as long after each failure. */
const backoff = (interval: number, failures: number): number =>
  Math.min(interval * 2 ** Math.min(failures, 10), Math.max(LONGEST, interval));

/** Pages that were opened together do not ask together for ever. */
const jittered = (wait: number): number => wait * (0.9 + 0.2 * Math.random());

/** What of an answer is news when it changes: not the block that it is as of. */
function told({ value, source, missing, finalBlock: _, asOf: __, behind: ___, ...rest }: Answer<unknown>): string {
  return JSON.stringify([value, source, missing, rest], (_, it) => (typeof it === 'bigint' ? `${it}n` : it));
}

async function wasTakenBack(
  before: Answer<unknown>,
  now: Answer<unknown>,
  hashOf: (block: number) => Promise<string | undefined>,
): Promise<boolean> {
  const { block, hash } = before.asOf;
  if (hash === undefined || before.asOf.hash === now.asOf.hash) return false;
  // Final then: no need to ask.
  if (block <= before.finalBlock) return false;
  if (block === now.asOf.block) return true;
  const canonical = await hashOf(block);
  return canonical === undefined ? now.asOf.block < block : canonical !== hash;
}

async function within<T>(timeout: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const late = new AbortController();
  const stop = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const tooLate = pause(timeout, stop).then(() => {
    throw new EssaimError('READING_STALLED', `no answer within ${timeout} ms`, {
      help: 'the endpoint or the indexer does not answer; it is asked again',
    });
  });
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    late.abort();
    tooLate.catch(() => {});
  }
}
