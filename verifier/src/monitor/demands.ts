import { type ChainQuestion, type Question, questionArgument, questionFrom } from '@essaim/protocol';
import { DemandStatus, type Essaim } from '@essaim/sdk';
import { LogFeed } from '@essaim/sdk/node';
import { type Block, ZeroAddress } from 'ethers';
import type { Alarm } from './alarms.ts';

/** Alarms on demands that nobody answered although their clock is nearly over. */
export class OpenDemands {
  readonly #essaim: Essaim;
  readonly #margin: number;
  readonly #operators: readonly string[];
  readonly #open = new Map<string, Question>();
  #feed?: LogFeed;

  /**
   * @param margin seconds before the end of a clock
   * @param operators executors to look at, in lower case; none: all
   */
  constructor(essaim: Essaim, margin: number, operators: readonly string[]) {
    this.#essaim = essaim;
    this.#margin = margin;
    this.#operators = operators;
  }

  async look(head: Block): Promise<Alarm[]> {
    await this.#read(head.number);
    const { Availability, Claims } = this.#essaim.contracts;
    const alarms: Alarm[] = [];
    for (const [id, question] of this.#open) {
      const { status, endsAt } = await Availability.demand(questionArgument(question));
      const { executor } = await Claims.batch(question.batchId);
      const isOurs = this.#operators.length === 0 || this.#operators.includes(executor.toLowerCase());
      // an endpoint that does not have it yet makes it neither answered nor another's
      if (status === DemandStatus.None || executor === ZeroAddress) continue;
      if (status !== DemandStatus.Open || !isOurs) this.#open.delete(id);
      else if (head.timestamp >= Number(endsAt) - this.#margin) {
        const left = Number(endsAt) - head.timestamp;
        const message = `${executor} has not answered a demand for ${question.kind} ${question.index}; ${left} s are left`;
        alarms.push({ alarm: 'demand', about: id, message });
      }
    }
    return alarms;
  }

  async #read(head: number): Promise<void> {
    const { provider, contracts, deployment } = this.#essaim;
    const { Availability } = contracts;
    this.#feed ??= new LogFeed(provider, {
      address: await Availability.getAddress(),
      topics: [Availability.getEvent('Demanded').fragment.topicHash],
      fromBlock: deployment.startBlock,
    });
    for (const log of await this.#feed.read(head)) {
      const { args } = Availability.interface.parseLog(log)!;
      this.#open.set(args.demandId, questionFrom(args as unknown as ChainQuestion));
    }
  }
}
