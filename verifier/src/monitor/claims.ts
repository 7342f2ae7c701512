import { ClaimState, type Essaim, eventOf } from '@essaim/sdk';
import { type Block, type Log, zeroPadValue } from 'ethers';
import { convictable } from '../horizon.ts';
import { LogsSince } from '../logs-since.ts';
import type { Alarm } from './alarms.ts';
import { Inbox } from './inbox.ts';

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
  readonly #submissions: LogsSince;
  readonly #inbox = new Inbox<Log>();

  /** @param margin seconds before the end of a window */
  constructor(essaim: Essaim, margin: number) {
    this.#essaim = essaim;
    this.#margin = margin;
    this.#submissions = new LogsSince(essaim, () => this.#filter(), convictable(essaim));
  }

  /** @param verdictsOf what the verifier says of these jobs, and batches of rounds */
  async look(head: Block, verdictsOf: (keys: readonly string[]) => Promise<Record<string, string>>): Promise<Alarm[]> {
    await this.#read(head);
    const { Claims } = this.#essaim.contracts;
    const near: Pending[] = [];
    for (const pending of this.#pending.values()) {
      if (head.timestamp < pending.ends - this.#margin) continue;
      const state = await Claims.state(pending.batchId);
      if (state === ClaimState.Pending) near.push(pending);
      else if (isOver(state)) this.#pending.delete(pending.batchId);
    }
    const verdicts = await verdictsOf(near.map(({ key }) => key));
    return near
      .filter(({ key }) => !Object.hasOwn(verdicts, key))
      .map(({ batchId, key, executor, ends }) => {
        const about = key === batchId ? `a round’s batch ${batchId}` : `job ${key}`;
        const left = ends - head.timestamp;
        const until = left > 0 ? `its window ends in ${left} s` : 'it stays open only until a demand on it is answered';
        const message = `${about} of ${executor} is not checked, and ${until}`;
        return { alarm: 'unchecked', about: batchId, message };
      });
  }

  async #read(head: Block): Promise<void> {
    const { provider, contracts } = this.#essaim;
    const { Claims, JobMarket, ProtocolParameters } = contracts;
    const market = await JobMarket.getAddress();
    await this.#inbox.take(await this.#submissions.read(head), async (log) => {
      const { batchId, client, executor, subject, epoch } = eventOf(Claims.interface, log)!.args;
      if (isOver(await Claims.state(batchId))) return;
      const [{ windowSeconds }, block] = await Promise.all([
        ProtocolParameters.claimRules(epoch),
        provider.getBlock(log.blockNumber),
      ]);
      const ends = Number(windowSeconds) + (block?.timestamp ?? head.timestamp);
      const isJob = client === market;
      this.#pending.set(batchId, { batchId, key: isJob ? subject : batchId, executor, ends });
    });
  }

  async #filter() {
    const { Claims, JobMarket, TrainingRegistry } = this.#essaim.contracts;
    const clients = await Promise.all([JobMarket, TrainingRegistry].map((client) => client.getAddress()));
    return {
      address: await Claims.getAddress(),
      topics: [
        Claims.getEvent('Submitted').fragment.topicHash,
        null,
        clients.map((client) => zeroPadValue(client, 32)),
      ],
    };
  }
}

/** An endpoint that does not have a batch yet does not make it over. */
const isOver = (state: bigint): boolean => state === ClaimState.Final || state === ClaimState.Rejected;
