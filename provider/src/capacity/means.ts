import { mkdirSync } from 'node:fs';
import type { Essaim } from '@essaim/sdk';
import type { Refusal } from '../refusal.ts';
import type { Capacity, Task } from './capacity.ts';
import { gasRefusal } from './gas-money.ts';
import { roomIn, roomRefusal } from './room.ts';

/** What a task is paid from and kept in. */
export interface Means {
  readonly essaim: Essaim;
  /** Where its data is kept; without it no room is looked at. */
  readonly folder?: string;
}

/** Why the account's coin is not enough for a task beside all that is taken on; null if it is. `isHeld`: it counts as taken on already. */
export async function coinRefusal(
  { essaim }: Means,
  capacity: Capacity,
  now: number,
  isHeld = false,
): Promise<Refusal | null> {
  const account = await essaim.signer!.getAddress();
  return gasRefusal(essaim, account, capacity.held(now).size + (isHeld ? 0 : 1), capacity.submitted);
}

/** Why there is no room for a task beside all that is taken on; null if there is. */
export function spaceRefusal({ folder }: Means, capacity: Capacity, task: Task, now: number): Refusal | null {
  if (folder === undefined) return null;
  mkdirSync(folder, { recursive: true });
  return roomRefusal(task, capacity.held(now).values(), capacity.lanes, roomIn(folder));
}
