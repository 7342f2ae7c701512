import type { Essaim, EssaimError } from '@essaim/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { openSigning } from '../connection/open-signing.ts';
import { toError } from '../connection/to-error.ts';
import { tellSent } from '../reading/sent.ts';
import type { Phase } from '../wallet/wallet-signer.ts';

/** What an action does with a connection that signs. */
export type Work<T> = (essaim: Essaim, signal: AbortSignal) => Promise<T>;

/** Where an action stands; `step` counts its transactions from 1. */
export type ActionState<T> =
  | { readonly at: 'idle' }
  | { readonly at: 'checking' }
  | { readonly at: 'signing'; readonly step: number; readonly since: number }
  | { readonly at: 'pending'; readonly step: number; readonly hash: string; readonly since: number }
  | { readonly at: 'done'; readonly result: T; readonly hash?: string }
  | { readonly at: 'failed'; readonly error: EssaimError };

/** Runs a work by the wallet and follows it; `stopWaiting` leaves a wallet that never answers. */
export function useAction<T>(work: Work<T>, onDone?: (result: T) => void) {
  const connection = useEssaim();
  const [state, setState] = useState<ActionState<T>>({ at: 'idle' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(new DOMException('left', 'AbortError')), []);

  const press = useCallback(async () => {
    const waiting = new AbortController();
    running.current = waiting;
    let step = 0;
    let hash: string | undefined;
    const show = (next: ActionState<T>) => !waiting.signal.aborted && setState(next);
    const onPhase = (phase: Phase) => {
      const since = Date.now();
      if (phase.at === 'signing') show({ at: 'signing', step: ++step, since });
      else {
        hash = phase.hash;
        show({ at: 'pending', step, hash, since });
      }
    };
    let essaim: Essaim | undefined;
    show({ at: 'checking' });
    try {
      essaim = await openSigning(connection, onPhase);
      const result = await work(essaim, waiting.signal);
      show({ at: 'done', result, hash });
      if (!waiting.signal.aborted) onDone?.(result);
    } catch (cause) {
      show({ at: 'failed', error: await toError(cause, 'this') });
    } finally {
      essaim?.close();
      if (hash) tellSent();
    }
  }, [connection, work, onDone]);

  const stopWaiting = useCallback(() => {
    running.current?.abort(new DOMException('no longer waited for', 'AbortError'));
    setState({ at: 'idle' });
  }, []);
  return { state, press, stopWaiting };
}
