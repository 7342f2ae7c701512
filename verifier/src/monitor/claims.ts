import { ClaimState, type Essaim, eventOf } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import { type Block, zeroPadValue } from 'ethers';
import { windowsSince } from '../horizon.ts';
import type { Alarm } from './alarms.ts';

interface Pending {
  readonly batchId: string;
  /** Under which a verifier tells its verdict: the job's id, or of a round the batch's. */
  readonly key: string;
  readonly executor: string;
  /** Chain time. */
  readonly ends: number;
}

/** Alarms on jobs' and rounds' claims that the verifier has no verdict on although their window is nearly over. */
export class UncheckedClaims {
  readonly #essaim: Essaim;
  readonly #margin: number;
  readonly #pending = new Map<string, Pending>();
  #feed?: LogFeed;

  /** @param margin seconds before the end of a window */
  constructor(essaim: Essaim, margin: number) {
    this.#essaim = essaim;
    this.#margin = margin;
  }

  /** @param verdictsOf what the verifier says of these jobs, and batches of rounds */
  async look(head: Block, verdictsOf: (keys: readonly string[]) => Promise<Record<string, string>>): Promise<Alarm[]> {
    await this.#read(head);
    const { Claims } = this.#essaim.contracts;
    const near: Pending[] = [];
    for (const pending of this.#pending.values()) {
      if (head.timestamp < pending.ends - this.#margin) continue;
      if ((await Claims.state(pending.batchId)) === ClaimState.Pending) near.push(pending);
      else this.#pending.delete(pending.batchId);
    }
    const verdicts = await verdictsOf(near.map(({ key }) => key));
    return near
      .filter(({ key }) => !Object.hasOwn(verdicts, key))
      .map(({ batchId, key, executor, ends }) => {
        const about = key === batchId ? `a round’s batch ${batchId}` : `job ${key}`;
        const message = `${about} of ${executor} is not checked, and its window ends in ${ends - head.timestamp} s`;
        return { alarm: 'unchecked', about: batchId, message };
      });
  }

  async #read(head: Block): Promise<void> {
    const { provider, contracts } = this.#essaim;
    const { Claims, JobMarket, TrainingRegistry, ProtocolParameters } = contracts;
    const [market, registry] = await Promise.all([JobMarket.getAddress(), TrainingRegistry.getAddress()]);
    this.#feed ??= new LogFeed(provider, {
      address: await Claims.getAddress(),
      topics: [
        Claims.getEvent('Submitted').fragment.topicHash,
        null,
        [zeroPadValue(market, 32), zeroPadValue(registry, 32)],
      ],
      fromBlock: await windowsSince(this.#essaim, head),
    });
    for (const log of await this.#feed.read(head.number)) {
      const { batchId, client, executor, subject, epoch } = eventOf(Claims.interface, log)!.args;
      const state = await Claims.state(batchId);
      // an endpoint that does not have it yet does not make it over
      if (state === ClaimState.Final || state === ClaimState.Rejected) continue;
      const [{ windowSeconds }, block] = await Promise.all([
        ProtocolParameters.claimRules(epoch),
        provider.getBlock(log.blockNumber),
      ]);
      const ends = Number(windowSeconds) + (block?.timestamp ?? head.timestamp);
      const isJob = client === market;
      this.#pending.set(batchId, { batchId, key: isJob ? subject : batchId, executor, ends });
    }
  }
}
