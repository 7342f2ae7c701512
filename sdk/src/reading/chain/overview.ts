import { EssaimError } from '@essaim/protocol';
import type { Overview } from '../types/index.ts';
import { orNull } from './list.ts';
import type { Ranges } from './ranges.ts';
import { steadily } from './steady.ts';
import type { View } from './view.ts';

type Counted = 'jobs' | 'batches' | 'rejected' | 'demands' | 'audits' | 'models' | 'datasets' | 'runs' | 'proposals';

const COUNTED: Record<Counted, [contract: keyof View['contracts'], name: string]> = {
  jobs: ['JobMarket', 'Posted'],
  batches: ['Claims', 'Submitted'],
  rejected: ['Claims', 'Rejected'],
  demands: ['Availability', 'Demanded'],
  audits: ['AuditPool', 'Audited'],
  models: ['ModelRegistry', 'Registered'],
  datasets: ['DatasetRegistry', 'Registered'],
  runs: ['TrainingRegistry', 'Created'],
  proposals: ['EssaimGovernor', 'ProposalCreated'],
};

const NAMES = Object.keys(COUNTED) as Counted[];
const none = (): Record<Counted, number> =>
  Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<Counted, number>;

/** How often what was counted happened: up to a final block once, and from there on whenever it is asked. */
export class Counts {
  readonly #ranges: Ranges;
  #upTo: number;
  #sums = none();

  constructor(ranges: Ranges, startBlock: number) {
    this.#ranges = ranges;
    this.#upTo = startBlock - 1;
  }

  /** Nothing where the chain is too long for this endpoint. */
  async at(view: View): Promise<Record<Counted, number> | undefined> {
    const wanted = NAMES.map((name) => view.wanted(COUNTED[name][0], [COUNTED[name][1]], []));
    const keys = wanted.map(({ address, topics }) => `${address.toLowerCase()}/${topics[0]}`);
    const count = async (from: number, to: number) => {
      const sums = none();
      if (from > to) return sums;
      const both = { address: [...new Set(wanted.map(({ address }) => address))], topics: [wanted.flatMap(topicOf)] };
      for (const log of await this.#ranges.all(both, from, to)) {
        const at = keys.indexOf(`${log.address.toLowerCase()}/${log.topics[0]}`);
        if (at >= 0) sums[NAMES[at]]++;
      }
      return sums;
    };
    try {
      const to = Math.min(view.final, view.pin.block);
      if (to > this.#upTo) {
        const from = this.#upTo + 1;
        const more = await count(from, to);
        // Another question may have counted them meanwhile.
        if (this.#upTo === from - 1) [this.#sums, this.#upTo] = [added(this.#sums, more), to];
      }
      return added(this.#sums, await count(this.#upTo + 1, view.pin.block));
    } catch (cause) {
      if (cause instanceof EssaimError && cause.code === 'CHAIN_TOO_LONG') return undefined;
      throw cause;
    }
  }
}

const topicOf = ({ topics }: { topics: unknown[] }): string[] => topics[0] as string[];
const added = (a: Record<Counted, number>, b: Record<Counted, number>) =>
  Object.fromEntries(NAMES.map((name) => [name, a[name] + b[name]])) as Record<Counted, number>;

/** What the chain tells of the network, and what it cannot. */
export async function overviewAt(view: View, counts: Counts): Promise<{ value: Overview; missing: string[] }> {
  const { MielToken, ProtocolParameters } = view.contracts;
  const [[supply, staked, epoch, guardian, pausedUntil], counted] = await Promise.all([
    steadily('asking for the state of the network', () =>
      Promise.all([
        MielToken.totalSupply(view.at),
        MielToken.balanceOf(view.addresses.StakeManager, view.at),
        ProtocolParameters.epoch(view.at),
        ProtocolParameters.guardian(view.at),
        ProtocolParameters.pausedUntil(view.at),
      ]),
    ),
    counts.at(view),
  ]);
  const value: Overview = {
    ...counted,
    ...{ miel: view.addresses.MielToken, supply, staked, epoch: Number(epoch) },
    ...{ guardian: orNull(guardian), pausedUntil: Number(pausedUntil) },
  };
  const sums = ['slashed', 'burned', 'emitted', 'feesBurned', 'activity', 'flows'];
  return { value, missing: counted ? sums : [...NAMES, ...sums] };
}
