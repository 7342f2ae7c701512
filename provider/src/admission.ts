import type { Model, Terms } from '@essaim/sdk';
import type { Capacity, Task } from './capacity/capacity.ts';
import { coinRefusal, spaceRefusal } from './capacity/means.ts';
import { sizesOf } from './capacity/room.ts';
import type { Refusal } from './refusal.ts';
import type { Shop } from './shop.ts';

/** What a job asks of this machine. */
export const taskOf = ({ programId, count, deadline }: Terms, { program }: Pick<Model, 'program'>): Task => ({
  ...{ programId, count: Number(count), deadline: Number(deadline) },
  ...sizesOf(program, Number(count)),
});

/**
 * Takes a job on beside what is taken on, if time, memory, disk and the coin for gas are enough for all of it; else says
 * what is not. `now`: the chain's second.
 */
export async function admitJob(
  shop: Shop,
  capacity: Capacity,
  { jobId, terms, model }: { jobId: string; terms: Terms; model: Model },
  now: number,
): Promise<Refusal | null> {
  const task = taskOf(terms, model);
  const poor = await coinRefusal(shop, capacity, now, shop.quotes?.isPromised(terms));
  if (poor) return poor;
  const admit = (): Refusal | null => capacity.refusal(jobId, task, now) ?? spaceRefusal(shop, capacity, task, now);
  const refusal = shop.quotes ? shop.quotes.redeem(terms, admit) : admit();
  if (!refusal) capacity.hold(jobId, task);
  return refusal;
}
