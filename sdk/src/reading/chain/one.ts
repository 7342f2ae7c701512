import type { IdOf, OneKinds } from '../kinds.ts';
import type { Fact } from '../types/index.ts';
import { AGENT_MISSING, agentDetailAt } from './agents.ts';
import { fortuneOf } from './assets.ts';
import { batchDetail, batchRows } from './batches.ts';
import { datasetRows } from './datasets.ts';
import { jobRows } from './jobs.ts';
import { type Dated, topic } from './list.ts';
import { modelRows } from './models.ts';
import { proposalRows } from './proposals.ts';
import { runDetail } from './run-detail.ts';
import { runRows } from './runs.ts';
import type { View } from './view.ts';
import { settled } from './wholes.ts';

/** A thing as the chain tells it, and what it cannot tell of it. */
interface Told<T> {
  row: T | undefined;
  missing: readonly string[];
}

type Ask<K extends keyof OneKinds> = (view: View, id: IdOf<K>) => Promise<Told<OneKinds[K]>>;

const dated = <T>(view: View, found: Dated<T> | undefined, missing: readonly string[] = []): Told<T> => ({
  row: found && ({ ...found.fact, certainty: view.certainty(found.newest) } as T),
  missing,
});

/** With what comes from an asset, and its money. */
async function rich<T>(view: View, { fact, newest }: Dated<T>, id: bigint, from: number): Promise<Dated<T>> {
  const { children, revenues, newest: changed } = await fortuneOf(view, topic(id)!, from);
  return { fact: { ...fact, children, revenues } as Fact<T>, newest: Math.max(newest, changed) };
}

/** How the chain tells one thing. */
export const chainOnes: { [K in keyof OneKinds]: Ask<K> } = {
  async model(view, id) {
    const [born] = await view.events('ModelRegistry', ['Registered'], [topic(id)]);
    if (!born) return dated(view, undefined);
    const [row] = await modelRows(view, [born]);
    return dated(view, await rich(view, row, id, born.block), ['shares.holders']);
  },
  async dataset(view, id) {
    const [born] = await view.events('DatasetRegistry', ['Registered'], [topic(id)]);
    if (!born) return dated(view, undefined);
    const [row] = await datasetRows(view, [born]);
    return dated(view, await rich(view, row, id, born.block), ['shares.holders']);
  },
  async job(view, id) {
    const born = await view.events('JobMarket', ['Posted'], [id]);
    return dated(view, born.length === 0 ? undefined : (await jobRows(view, born))[0]);
  },
  async batch(view, id) {
    const born = await view.events('Claims', ['Submitted'], [id]);
    if (born.length === 0) return dated(view, undefined);
    const [row] = await batchRows(view, born);
    return dated(view, await batchDetail(view, row));
  },
  async run(view, id) {
    const born = await view.events('TrainingRegistry', ['Created'], [id]);
    if (born.length === 0) return dated(view, undefined);
    const [row] = await runRows(view, born);
    return dated(view, await runDetail(view, row, born[0].block));
  },
  async agent(view, address) {
    const [fact, certainty] = await settled(view, (at) => agentDetailAt(view, address, at));
    return { row: { ...fact, certainty }, missing: [...AGENT_MISSING, 'earnings'] };
  },
  async proposal(view, id) {
    const born = await view.events('EssaimGovernor', ['ProposalCreated']);
    const created = born.filter(({ args }) => args.proposalId === id);
    return dated(view, created.length === 0 ? undefined : (await proposalRows(view, created))[0]);
  },
};
