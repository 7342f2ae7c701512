import { Locks } from './locks.ts';

/** A batch as its executor is known by it. */
export interface PastBatch {
  /** MIEL. */
  readonly lock: number;
  readonly epoch: number;
  readonly block: number;
  /** Nobody could look: that it stood says nothing. */
  readonly isSealed: boolean;
  isConvicted: boolean;
  hasStood?: boolean;
}

/** What became of one executor's batches, kept so that it costs the same to tell however many they are. */
export class Past {
  readonly #batches: PastBatch[] = [];
  readonly #stood = new Locks();
  /** Those before it are reckoned. */
  #next = 0;
  #convictions = 0;

  add(batch: PastBatch): void {
    this.#batches.push(batch);
    if (batch.isConvicted) this.#convictions++;
  }

  /** A batch of these was convicted. */
  convict(batch: PastBatch): void {
    if (batch.isConvicted) return;
    batch.isConvicted = true;
    this.#convictions++;
    if (batch.hasStood) this.#stood.remove(batch.lock);
  }

  /**
   * What is known when another batch comes in a block: how many were convicted, the locks of those that stood past their
   * windows, and the block of the first before it.
   * @param window blocks of an epoch's window
   */
  at(block: number, window: (epoch: number) => number): { convictions: number; stood: Locks; first?: number } {
    for (; this.#next < this.#batches.length; this.#next++) {
      const batch = this.#batches[this.#next];
      if (batch.block + window(batch.epoch) >= block) break;
      if (batch.isConvicted || batch.isSealed) continue;
      batch.hasStood = true;
      this.#stood.add(batch.lock);
    }
    const first = this.#batches.at(0)?.block;
    return {
      ...{ convictions: this.#convictions, stood: this.#stood.copy() },
      first: first !== undefined && first < block ? first : undefined,
    };
  }
}
