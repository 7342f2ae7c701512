import { EssaimError } from '@essaim/protocol';
import type { TransactionReceipt } from 'ethers';
import type { Intent } from './journal.ts';

/** What became of an intent; `moot`: what it was for was gone before it was in a block. */
export type Outcome = TransactionReceipt | 'stolen' | 'moot';

/** Who waits for the outcome of which intent. */
export class Callers {
  readonly #waiting = new Map<number, Set<(outcome: Outcome) => void>>();

  /** Waits until `limit` (as performance.now() tells it), or until the signal is aborted. CHAIN_UNCONFIRMED */
  outcome({ id, doing, nonce }: Intent, limit: number, signal?: AbortSignal): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        waiting.delete(heard);
      };
      const heard = (outcome: Outcome): void => {
        done();
        resolve(outcome);
      };
      const stop = (): void => {
        done();
        reject(
          new EssaimError('CHAIN_UNCONFIRMED', `${doing}: sent with nonce ${nonce}, and no longer waited for`, {
            help: 'it is looked after until it is in a block; the same call joins it',
            cause: signal?.reason,
            details: { nonce },
          }),
        );
      };
      const timer = setTimeout(stop, Math.max(0, limit - performance.now()));
      waiting.add(heard);
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Tells everybody who waits. */
  tell(id: number, outcome: Outcome): void {
    for (const heard of [...(this.#waiting.get(id) ?? [])]) heard(outcome);
    this.#waiting.delete(id);
  }
}
