import type { EssaimError, WatchedRound } from '@essaim/sdk';
import { useEffect, useMemo, useState } from 'react';
import { useEssaim } from '../../../connection/connection.ts';
import { toError } from '../../../connection/to-error.ts';
import { type Curve, curveOf } from './curve.ts';

/** What was watched of a run so far. */
interface Watching {
  told: readonly WatchedRound[];
  error?: EssaimError;
  isOver: boolean;
}

const NOTHING: Watching = { told: [], isOver: false };

/** Follows a run from its first round on: each receipt is fetched and checked against what was committed to on chain. */
export function useCurve(id: string, steps: number): Watching & { curve: Curve } {
  const { essaim } = useEssaim();
  const [watching, setWatching] = useState<Watching>(NOTHING);
  useEffect(() => {
    if (!essaim) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    setWatching(NOTHING);
    const follow = async () => {
      for await (const round of essaim.training.watch(id as `0x${string}`, signal)) {
        if (signal.aborted) return;
        setWatching(({ told, ...rest }) => ({ ...rest, told: [...told, round] }));
      }
      setWatching((was) => ({ ...was, isOver: true }));
    };
    follow().catch(async (cause) => {
      if (signal.aborted) return;
      const error = await toError(cause);
      setWatching((was) => ({ ...was, error, isOver: true }));
    });
    return () => leaving.abort(new DOMException('left', 'AbortError'));
  }, [essaim, id]);
  const curve = useMemo(() => curveOf(watching.told, steps), [watching.told, steps]);
  return { ...watching, curve };
}
