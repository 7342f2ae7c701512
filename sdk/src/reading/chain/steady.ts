import { EssaimError } from '@essaim/protocol';
import { isError } from 'ethers';
import { chainFailure } from '../../chain/reverts.ts';
import { pause } from '../../chain/wait.ts';

const TRIES = 5;
const FIRST_PAUSE = 300;

/** What the endpoint itself said, wherever ethers put it. */
export function saidBy(cause: unknown): { code?: number; message: string } {
  for (let at: unknown = cause, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, message, error, info, cause: inner } = at as Record<string, unknown>;
    if (typeof code === 'number') return { code, message: String(message ?? '') };
    at = error ?? (info as Record<string, unknown> | undefined)?.error ?? inner;
  }
  return { message: cause instanceof Error ? cause.message : String(cause) };
}

/** Some say by -32005 that a question is too wide, others that there were too many. */
const TOO_MANY = /rate|too many requests|429|per second|throttl|capacity|credits|exceeded.*limit|limit exceeded/i;
const TOO_WIDE = /range|more than|results|logs|response size|block/i;

/** Whether the endpoint refuses because it is asked too often. */
export function isLimited(cause: unknown): boolean {
  if (isError(cause, 'SERVER_ERROR') && cause.response?.statusCode === 429) return true;
  const { code, message } = saidBy(cause);
  if (code === 429 || code === -32029) return true;
  return TOO_MANY.test(message) && (code === -32005 || code === -32016) && !TOO_WIDE.test(message);
}

/** Asks again, ever later, while the endpoint says that it is asked too often. CHAIN_LIMITED, and as {@link chainFailure}. */
export async function steadily<T>(doing: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let tries = 1, wait = FIRST_PAUSE; ; tries++, wait *= 2) {
    try {
      return await work();
    } catch (cause) {
      if (!isLimited(cause)) throw await chainFailure(cause, doing);
      if (tries === TRIES) {
        throw new EssaimError('CHAIN_LIMITED', `${doing}: the endpoint refuses more requests for now`, {
          help: 'wait a little, ask less often, or use another endpoint or an indexer',
        });
      }
      await pause(wait * (0.5 + Math.random()), signal);
    }
  }
}
