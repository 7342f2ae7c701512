import { ClaimState, type Essaim, settleDemands } from '@essaim/sdk';
import { batchState, type Failure, LogFeed, watch } from '@essaim/sdk/node';
import { zeroPadValue } from 'ethers';
import type { VerifierEvent } from './events.ts';

/** Brings home what is left of the bonds of demands whose batches have ended, whoever should have divided them. */
export class Bonds {
  readonly #essaim: Essaim;
  readonly #account: string;
  readonly #say: (event: VerifierEvent) => void;
  /** Batches that this account demanded something of. */
  readonly #open = new Set<string>();
  #feed?: LogFeed;

  constructor(essaim: Essaim, account: string, say: (event: VerifierEvent) => void = () => {}) {
    this.#essaim = essaim;
    this.#account = account;
    this.#say = say;
  }

  /** Works until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    const tell = (failure: Failure) => this.#say({ event: 'chain', ...failure });
    return watch((until) => this.cycle(until), this.#essaim.pollingInterval, signal, tell);
  }

  async cycle(signal?: AbortSignal): Promise<void> {
    const { provider, contracts, deployment } = this.#essaim;
    const { Availability } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await Availability.getAddress(),
      topics: [Availability.getEvent('Demanded').fragment.topicHash, null, null, zeroPadValue(this.#account, 32)],
      fromBlock: deployment.startBlock,
    });
    for (const { topics } of await this.#feed.read(await provider.getBlockNumber())) this.#open.add(topics[2]);
    for (const batchId of this.#open) {
      if ((await batchState(contracts, batchId)) === ClaimState.Pending) continue;
      await settleDemands(this.#essaim, batchId, deployment.startBlock, this.#account, signal);
      this.#open.delete(batchId);
    }
  }
}
