import { setTimeout as sleep } from 'node:timers/promises';
import { trackTransaction } from '@nomicfoundation/ignition-core';
import type { Provider } from 'ethers';

type Requests = Parameters<typeof trackTransaction>[2];

/**
 * Tells the journal of a transaction that a killed run sent and could not note: without that, Ignition would not know its
 * own transaction again, and stop. Waits while it is still pending; does nothing where it was never sent.
 */
export async function trackUnnoted(folder: string, nonce: number, from: string, chain: Provider, requests: Requests) {
  if ((await chain.getTransactionCount(from, 'pending')) <= nonce) return;
  while ((await chain.getTransactionCount(from)) <= nonce) await sleep(1_000);
  const hash = await sentWith(nonce, from, chain);
  if (hash) await trackTransaction(folder, hash, requests);
}

/** The mined transaction of an account with a nonce, from the newest block back. */
async function sentWith(nonce: number, from: string, chain: Provider): Promise<string | undefined> {
  for (let number = await chain.getBlockNumber(); number >= 0; number--) {
    const block = await chain.getBlock(number, true);
    const found = block?.prefetchedTransactions.find((sent) => sent.from === from && sent.nonce === nonce);
    if (found) return found.hash;
  }
  return undefined;
}
