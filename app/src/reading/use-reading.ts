import type { Answer, EssaimError, Reading, Trouble } from '@essaim/sdk';
import { type DependencyList, useCallback, useEffect, useState } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { onSent } from './sent.ts';

/** What a reading gives: its newest answer, and what keeps the next from coming. Old answers stay while there is trouble. */
export interface Read<T> {
  readonly answer?: Answer<T>;
  readonly value?: T;
  readonly error?: EssaimError | Trouble;
  /** What was shown before was taken back by the chain. */
  readonly reorganised: boolean;
  readonly asking: boolean;
  again(): void;
}

/**
 * Follows an answer of `essaim.reading` while it is shown: `useReading((reading) => reading.job(id), [id])`. Asks anew
 * when `deps` change, after every transaction of this page and every `interval` milliseconds.
 */
export function useReading<T>(
  ask: (reading: Reading) => Promise<Answer<T>>,
  deps: DependencyList,
  { interval = 4_000 }: { interval?: number } = {},
): Read<T> {
  const { essaim, error: offline, again: reconnect } = useEssaim();
  const [read, setRead] = useState<Omit<Read<T>, 'again'>>({ asking: true, reorganised: false });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with nothing
  useEffect(() => setRead({ asking: true, reorganised: false }), [essaim, ...deps]);
  useEffect(() => onSent(again), [again]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is new at every drawing, `deps` say when it differs
  useEffect(() => {
    if (!essaim) return;
    const { reading } = essaim;
    const leaving = new AbortController();
    const follow = async () => {
      for await (const told of reading.watch(() => ask(reading), { signal: leaving.signal, interval })) {
        if (leaving.signal.aborted) return;
        const { trouble, reorganised = false } = told;
        setRead((before) => {
          const answer = told.answer ?? before.answer;
          return { answer, value: answer?.value, error: trouble, reorganised, asking: !answer && !trouble };
        });
      }
    };
    void follow();
    return () => leaving.abort(new DOMException('left', 'AbortError'));
  }, [essaim, turn, interval, ...deps]);

  return offline ? { error: offline, asking: false, reorganised: false, again: reconnect } : { ...read, again };
}
