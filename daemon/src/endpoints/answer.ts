/** An error as JSON-RPC tells it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Why there is no answer: `limited`: asked too often; `refused`: it answered with an error that is not the chain's. */
export interface Failing {
  readonly reason: 'stalls' | 'unreachable' | 'limited' | 'refused';
  readonly message: string;
  /** Milliseconds that it asks to be left alone for. */
  readonly retryAfter?: number;
  readonly error?: RpcError;
}

/** What an endpoint said: a result, a revert of the chain's own making, or nothing that can be used. */
export type Answer =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'revert'; readonly error: RpcError }
  | { readonly kind: 'failure'; readonly failing: Failing };

/** JSON-RPC's and HTTP's words for "too often". */
const LIMITED = new Set([-32005, -32029, 429]);
const LIMITED_WORDS = /rate.?limit|too many requests|request limit|exceeded .*(capacity|quota|limit)/i;
const REVERTED = 3;
const REVERTED_WORDS = /revert|invalid opcode|out of gas|invalid jump|stack (under|over)flow/i;

/** Reads one answer of JSON-RPC. */
export function readAnswer(answer: unknown): Answer {
  if (typeof answer !== 'object' || answer === null) return failure('unreachable', 'the answer is no JSON-RPC');
  const { error, result } = answer as { error?: RpcError; result?: unknown };
  if (error === undefined || error === null) {
    return result === undefined
      ? failure('unreachable', 'the answer holds neither result nor error')
      : { kind: 'result', value: result };
  }
  const { code, message = '' } = error;
  if (code === REVERTED || REVERTED_WORDS.test(message) || revertData(error) !== undefined) {
    return { kind: 'revert', error };
  }
  const isLimited = LIMITED.has(code) || LIMITED_WORDS.test(message);
  return { kind: 'failure', failing: { reason: isLimited ? 'limited' : 'refused', message, error } };
}

export const failure = (reason: Failing['reason'], message: string, retryAfter?: number): Answer => ({
  kind: 'failure',
  failing: { reason, message, retryAfter },
});

/** The bytes that a revert carries; endpoints put them at different depths. */
export function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === 'string') return /^0x([0-9a-f]{2}){4,}$/i.test(data) ? data.toLowerCase() : undefined;
  return revertData(data, depth + 1);
}
