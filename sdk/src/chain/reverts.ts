import { EssaimError } from '@essaim/protocol';
import { isCallException, isError } from 'ethers';
import { once } from '../part.ts';

const customErrors = once(() => import('./custom-errors.ts'));

/** Revert data hides at different depths, depending on who wrapped it. */
function revertData(error: unknown, depth = 0): string | null {
  if (depth > 5 || typeof error !== 'object' || error === null) return null;
  const { data, cause, error: inner, info } = error as Record<string, unknown>;
  if (typeof data === 'string' && /^0x([0-9a-f]{2}){4,}$/i.test(data)) return data;
  for (const next of [data, inner, info, cause]) {
    const found = revertData(next, depth + 1);
    if (found) return found;
  }
  return null;
}

/** What ethers says without the request that it appends, whose address may hold a key. */
function plainMessage(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'shortMessage' in cause ? String(cause.shortMessage) : cause.message;
}

/**
 * Makes what a wallet or an endpoint threw an EssaimError: a contract's custom error keeps its own name as code
 * (`JobMarket_TooLate`); others are WALLET_REJECTED, WALLET_FUNDS, CHAIN_REVERTED, CHAIN_FAILED. Contracts' errors and
 * their words are loaded with the first revert.
 *
 * @example
 * ```ts
 * import { chainFailure } from '@essaim/sdk';
 *
 * const { IdentityRegistry } = essaim.contracts;
 * const failure = await IdentityRegistry.ownerOf(10n ** 9n).catch((cause) => chainFailure(cause, 'asking for an owner'));
 * console.log(failure); // ERC721NonexistentToken: asking for an owner was refused: ERC721NonexistentToken(tokenId: 1000000000)
 * ```
 */
export async function chainFailure(cause: unknown, doing: string): Promise<EssaimError> {
  if (cause instanceof EssaimError) return cause;
  const data = revertData(cause);
  // Without the words a revert is still one.
  const known = data && (await customErrors().catch(() => undefined))?.customErrorIn(data);
  if (known) {
    return new EssaimError(known.name, `${doing} was refused: ${known.text}`, {
      help: known.help ?? 'docs/errors.md says what this error means',
      cause,
      details: known.details,
    });
  }
  if (isError(cause, 'ACTION_REJECTED')) {
    return new EssaimError('WALLET_REJECTED', `${doing}: the wallet refused to sign`, {
      help: 'sign it, or do nothing: nothing was sent',
      cause,
    });
  }
  if (isError(cause, 'INSUFFICIENT_FUNDS')) {
    return new EssaimError('WALLET_FUNDS', `${doing}: the account cannot pay for gas`, {
      help: 'send it some of the chain’s own coin',
      cause,
    });
  }
  if (isCallException(cause)) {
    return new EssaimError('CHAIN_REVERTED', `${doing} reverted: ${cause.reason ?? cause.shortMessage}`, {
      help: 'simulate the call to see why',
      cause,
    });
  }
  return new EssaimError('CHAIN_FAILED', `${doing} failed: ${plainMessage(cause)}`, {
    help: 'check the endpoint and try again',
    cause: isError(cause, 'SERVER_ERROR') ? undefined : cause,
  });
}
