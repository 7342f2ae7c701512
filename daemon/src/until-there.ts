import { EssaimError } from '@essaim/protocol';
import { patiently } from '@essaim/sdk';
import type { Failure } from '@essaim/sdk/node';

/** Does what a program begins with. */
export type Begin = <T>(work: () => Promise<T>) => Promise<T>;

/** A program that waits for its chain. */
export interface WaitingEvent extends Failure {
  readonly event: 'waiting';
}

/** Milliseconds between the first two tries, at most. */
const FIRST = 500;

/** At once or not at all, as commands do that end. */
export const atOnce: Begin = (work) => work();

/**
 * As programs do that are left running: again and again while the chain is away, until the signal is aborted. Says what
 * it waits for, once for each reason. What waiting does not cure is thrown at once.
 */
export function untilThere(interval: number, signal: AbortSignal, say: (event: WaitingEvent) => void): Begin {
  let told: string | undefined;
  const isAway = (error: unknown): boolean => {
    if (!(error instanceof EssaimError && /^CHAIN_(?!MISMATCH$)/.test(error.code))) return false;
    const { code, message, help } = error;
    if (code !== told) say({ event: 'waiting', code, message, help });
    told = code;
    return true;
  };
  return (work) =>
    patiently(work, {
      ...{ interval: Math.min(interval, FIRST), patience: Number.POSITIVE_INFINITY },
      ...{ signal, passing: isAway },
    });
}
