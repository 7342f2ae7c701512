import type { EssaimError, JobStage } from '@essaim/sdk';
import { useEffect, useState } from 'react';
import { useEssaim } from '../../../connection/connection.ts';
import { toError } from '../../../connection/to-error.ts';

export interface Followed {
  readonly stages: readonly JobStage[];
  readonly error?: EssaimError;
  /** All that was asked for has come. */
  readonly isOver: boolean;
}

/** Follows a job until its result is here and checked against its commitment. */
export function useJob(id: string): Followed {
  const { essaim } = useEssaim();
  const [followed, setFollowed] = useState<Followed>({ stages: [], isOver: false });
  useEffect(() => {
    if (!essaim) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    setFollowed({ stages: [], isOver: false });
    const follow = async () => {
      for await (const stage of essaim.jobs.follow(id, { signal })) {
        if (!signal.aborted) setFollowed(({ stages }) => ({ stages: [...stages, stage], isOver: false }));
      }
      if (!signal.aborted) setFollowed(({ stages }) => ({ stages, isOver: true }));
    };
    follow().catch(async (cause) => {
      const error = await toError(cause, 'following the job');
      if (!signal.aborted) setFollowed(({ stages }) => ({ stages, error, isOver: true }));
    });
    return () => leaving.abort(new DOMException('left', 'AbortError'));
  }, [essaim, id]);
  return followed;
}
