import { mkdirSync } from 'node:fs';
import type { Model, Terms } from '@essaim/sdk';
import type { Capacity, Task } from './capacity/capacity.ts';
import { gasRefusal } from './capacity/gas-money.ts';
import { roomIn, roomRefusal, sizesOf } from './capacity/room.ts';
import type { Refusal } from './refusal.ts';
import { accountOf, type Shop } from './shop.ts';

/** What a job asks of this machine. */
export const taskOf = ({ programId, count, deadline }: Terms, { program }: Pick<Model, 'program'>): Task => ({
  ...{ programId, count: Number(count), deadline: Number(deadline) },
  ...sizesOf(program, Number(count)),
});

/**
 * Takes a job on beside what is taken on, if time, memory, disk and the coin for gas are enough for all of it; else says
 * what is not. `now`: the chain's second; `submitted`: jobs that may still be asked about.
 */
export async function admitJob(
  shop: Shop,
  capacity: Capacity,
  { jobId, terms, model }: { jobId: string; terms: Terms; model: Model },
  { now, submitted }: { now: number; submitted: number },
): Promise<Refusal | null> {
  const task = taskOf(terms, model);
  const toSubmit = capacity.held(now).size + 1;
  const poor = await gasRefusal(shop.essaim, await accountOf(shop).getAddress(), toSubmit, submitted);
  if (poor) return poor;
  const admit = (): Refusal | null => capacity.refusal(jobId, task, now) ?? noRoom(shop, task, capacity, now);
  const refusal = shop.quotes ? shop.quotes.redeem(terms, admit) : admit();
  if (!refusal) capacity.hold(jobId, task);
  return refusal;
}

function noRoom({ folder }: Shop, task: Task, capacity: Capacity, now: number): Refusal | null {
  if (folder === undefined) return null;
  mkdirSync(folder, { recursive: true });
  return roomRefusal(task, capacity.held(now).values(), capacity.lanes, roomIn(folder));
}
