import { StorageError, type StorageErrorCode } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';

const ABSENT = /could not find|not found|not pinned/i;

/** A server's refusal, or the failure to reach it, as a StorageError. StorageErrors pass unchanged. */
export function failure(endpoint: Pick<Endpoint, 'url'>, what: string, cause: unknown): unknown {
  if (cause instanceof StorageError) return cause;
  const { message = String(cause), name, response } = cause as Error & { response?: Response };
  if (name === 'AbortError') return cause;
  if (response === undefined) {
    return new StorageError('STORAGE_UNREACHABLE', `${what}: no answer from ${endpoint.url}`, {
      help: 'Check that the IPFS node runs at this address and that its API is reachable from here.',
      cause,
      details: { url: endpoint.url },
    });
  }
  return refusal(endpoint, what, response.status, message, cause);
}

/** An HTTP status with its message as a StorageError. */
export function refusal(
  endpoint: Pick<Endpoint, 'url'>,
  what: string,
  status: number,
  message: string,
  cause?: unknown,
): StorageError {
  const [code, help] = reason(status, message);
  return new StorageError(code, `${what}: ${message || `status ${status}`}`, {
    help,
    cause,
    details: { url: endpoint.url, status },
  });
}

function reason(status: number, message: string): [StorageErrorCode, string] {
  if (status === 401 || status === 403) return ['STORAGE_FORBIDDEN', 'Pass the token of the node in `headers`.'];
  if (status === 413) return ['STORAGE_TOO_LARGE', "The node's own limit is lower than this content."];
  if (status === 404 || ABSENT.test(message)) return ['STORAGE_NOT_FOUND', 'Nobody reachable holds this content now.'];
  return ['STORAGE_REFUSED', "Read the node's message; its log may say more."];
}
