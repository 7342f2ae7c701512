import { withDeadline } from '../deadline.ts';
import type { WaitOptions } from '../storage.ts';
import type { Endpoint } from './endpoint.ts';
import { failure } from './failure.ts';

/** One bounded wait for a node, whose failures name what was being done. */
export function attempt<T>(
  endpoint: Endpoint,
  what: string,
  wait: WaitOptions | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withDeadline(what, wait ?? {}, async (signal) => {
    try {
      return await work(signal);
    } catch (cause) {
      throw failure(endpoint, what, cause);
    }
  });
}
