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
/** Looks in a row that tell an older block until that is believed. */
const STAYS = 3;

/** Asks until the signal is aborted; see `Reading.watch`. `hashOf` tells a block's hash as the chain has it now. */
export async function* watched<T>(
  ask: () => Promise<Answer<T>>,
  hashOf: (block: number) => Promise<string | undefined>,
  { signal, interval = INTERVAL, timeout = TIMEOUT }: WatchOptions,
): AsyncGenerator<Watched<T>> {
  let answer: Answer<T> | undefined;
  let trouble: Trouble | undefined;
  let failures = 0;
  let older = 0;
  while (!signal?.aborted) {
    let wait = interval;
    try {
      const next = await within(timeout, signal, async () => {
        const newest = await ask();
        return { newest, ...(answer && (await since(answer, newest, hashOf))) };
      });
      // Nodes behind one endpoint differ by a block or two: it went back when it stays there.
      older = next.isOlder ? older + 1 : 0;
      if (next.isOlder && older < STAYS) {
        await pause(jittered(wait), signal).catch(() => {});
        continue;
      }
      const { reorganised = false, newest } = next;
      const isNews = trouble !== undefined || reorganised || !answer || told(answer) !== told(newest);
      answer = newest;
      trouble = undefined;
      failures = 0;
      if (isNews) yield { answer, ...(reorganised && { reorganised }) };
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

/** What became of the block of an earlier answer; `isOlder`: the source is not there any more, or not yet again. */
async function since(
  before: Answer<unknown>,
  now: Answer<unknown>,
  hashOf: (block: number) => Promise<string | undefined>,
): Promise<{ reorganised: boolean; isOlder: boolean }> {
  const { block, hash } = before.asOf;
  const isOlder = now.asOf.block < block;
  if (hash === undefined || hash === now.asOf.hash) return { reorganised: false, isOlder: false };
  // Final then: no need to ask.
  if (block <= before.finalBlock) return { reorganised: false, isOlder };
  const canonical = block === now.asOf.block ? now.asOf.hash : await hashOf(block);
  return { reorganised: canonical !== hash, isOlder: isOlder && (canonical === undefined || canonical === hash) };
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
