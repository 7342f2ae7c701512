import type { ListKinds } from '../kinds.ts';
import type { AgentRow, Certainty, FaultRow, HoldingRow } from '../types/index.ts';
import { AGENT_MISSING, accountsIn, agentAt } from './agents.ts';
import { faultRows, faultsOf } from './faults.ts';
import { holdingsAt } from './holdings.ts';
import type { View } from './view.ts';

export type WholeKind = 'agents' | 'holdings' | 'faults';

/** A list that is known as a whole: the keys of its rows in order, and the rows of some of them. */
export interface Whole<T> {
  missing: readonly string[];
  keys: string[];
  rows(keys: readonly string[]): Promise<T[]>;
}

type Opened = { [K in WholeKind]: (view: View, query: ListKinds[K][1]) => Promise<Whole<ListKinds[K][0]>> };

/** Lists without an event for each row, or with few rows. */
export const wholes: Opened = {
  async agents(view, { role }): Promise<Whole<AgentRow>> {
    const accounts = await accountsIn(view, role);
    const byKey = new Map(accounts.map((account) => [account.toLowerCase(), account]));
    const rowOf = async (account: string): Promise<AgentRow> => {
      const ask = (at: { blockTag: number }) => agentAt(view, account, at);
      const [fact, certainty] = await settled(view, ask);
      return { ...fact, certainty };
    };
    const rows = (keys: readonly string[]) => Promise.all(keys.map((key) => rowOf(byKey.get(key)!)));
    return { missing: AGENT_MISSING, keys: [...byKey.keys()].sort().reverse(), rows };
  },

  async holdings(view, { holder }): Promise<Whole<HoldingRow>> {
    const now = await holdingsAt(view, holder, view.at);
    const then = await atFinal(view, (at) => holdingsAt(view, holder, at));
    const byKey = new Map(now.map((row) => [row.shares.toLowerCase(), row]));
    const wasSame = new Set(then === 'same' ? now.map(shown) : (then ?? []).map(shown));
    const certain = (row: (typeof now)[number]): Certainty => (wasSame.has(shown(row)) ? 'final' : 'provisional');
    const rows = async (keys: readonly string[]) =>
      keys.map((key) => byKey.get(key)!).map((row) => ({ ...row, certainty: certain(row) }));
    return { missing: [], keys: [...byKey.keys()].sort().reverse(), rows };
  },

  async faults(view, { batch }): Promise<Whole<FaultRow>> {
    const events = (await faultsOf(view, batch === undefined ? undefined : [batch.toLowerCase()])).reverse();
    const byKey = new Map(events.map((event) => [`${event.transaction}${event.index.toString(16)}`, event]));
    const rows = async (keys: readonly string[]) => {
      const found = await faultRows(
        view,
        keys.map((key) => byKey.get(key)!),
      );
      return found.map(({ fact, newest }) => ({ ...fact, certainty: view.certainty(newest) }));
    };
    return { missing: [], keys: [...byKey.keys()], rows };
  },
};

/** What is asked now, and whether it was the same at the final block already. */
export async function settled<T>(
  view: View,
  ask: (at: { blockTag: number }) => Promise<T>,
): Promise<[now: T, certainty: Certainty]> {
  const [now, then] = await Promise.all([ask(view.at), atFinal(view, ask)]);
  return [now, then === 'same' || (then !== undefined && shown(then) === shown(now)) ? 'final' : 'provisional'];
}

/** As of the final block; `same` where that is the pin, nothing where the endpoint cannot tell it any more. */
async function atFinal<T>(view: View, ask: (at: { blockTag: number }) => Promise<T>): Promise<T | 'same' | undefined> {
  if (view.pin.block <= view.final) return 'same';
  if (view.final < view.startBlock) return undefined;
  return ask({ blockTag: view.final }).catch(() => undefined);
}

const shown = (value: unknown): string => JSON.stringify(value, (_, it) => (typeof it === 'bigint' ? `${it}` : it));
