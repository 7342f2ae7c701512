import type { Essaim, EssaimError } from '@essaim/sdk';
import { type DependencyList, useCallback, useEffect, useState } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { toError } from '../connection/to-error.ts';
import { onSent } from './sent.ts';

/** Something asked for: on its way, there, failed, or there and old because the last try failed. */
export interface Asked<T> {
  readonly value?: T;
  readonly error?: EssaimError;
  readonly asking: boolean;
  /** Asks anew. */
  again(): void;
}

/**
 * Asks once there is a connection, anew whenever `deps` change and after every transaction sent from this page, and
 * where `every` is given (milliseconds) also by the clock while the tab is seen.
 */
export function useAsk<T>(
  ask: (essaim: Essaim, signal: AbortSignal) => Promise<T>,
  deps: DependencyList,
  { every }: { every?: number } = {},
): Asked<T> {
  const { essaim, error: offline, again: reconnect } = useEssaim();
  const [asked, setAsked] = useState<Omit<Asked<T>, 'again'>>({ asking: true });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with nothing
  useEffect(() => setAsked({ asking: true }), [essaim, ...deps]);
  useEffect(() => onSent(again), [again]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` is new at every drawing, `deps` say when it differs
  useEffect(() => {
    if (!essaim) return;
    const leaving = new AbortController();
    const look = async () => {
      try {
        const value = await ask(essaim, leaving.signal);
        if (!leaving.signal.aborted) setAsked({ value, asking: false });
      } catch (cause) {
        if (leaving.signal.aborted) return;
        const error = await toError(cause);
        if (!leaving.signal.aborted) setAsked(({ value }) => ({ value, error, asking: false }));
      }
    };
    setAsked(({ value, error }) => ({ value, error, asking: true }));
    void look();
    const timer = every ? setInterval(() => !document.hidden && void look(), every) : undefined;
    return () => {
      leaving.abort(new DOMException('left', 'AbortError'));
      clearInterval(timer);
    };
  }, [essaim, turn, every, ...deps]);

  return offline ? { error: offline, asking: false, again: reconnect } : { ...asked, again };
}
