import type { Ledger } from './ledger.ts';
import { MIEL } from './money.ts';

export const PROVIDERS = [
  'honest provider',
  'late provider',
  'cheat',
  'batch cheat',
  'farmer',
  'self-convictor',
] as const;
export const VERIFIERS = ['auditor', 'late auditor', 'lazy auditor', 'copier', 'sampler'] as const;
export type Kind = (typeof PROVIDERS)[number] | (typeof VERIFIERS)[number];

/** Someone with a purse, a stake and perhaps delegators; each is an account of the ledger. */
export interface Agent {
  /** Its purse. */
  id: string;
  kind: Kind;
  stake: string;
  /** Its delegators' stake, and their purse. */
  pool: string;
  delegators: string;
  /** An account of its own under another name: challenger, requester, contributor of data. */
  accomplice: string;
  /** Batches that it holds in this epoch. */
  held: number;
  locked: number;
  /** What it and its delegators began with. */
  began: number;
  delegatedAtFirst: number;
}

export interface Population {
  kind: Kind;
  count: number;
  stake: number;
  delegated?: number;
}

/** The agents of a population, their stake and a purse of 2,000 MIEL each paid by `from`. */
export function settle(ledger: Ledger, from: string, populations: readonly Population[]): Agent[] {
  const purse = 2_000 * MIEL;
  return populations.flatMap(({ kind, count, stake, delegated = 0 }) =>
    Array.from({ length: count }, (_, i) => {
      const id = `${kind} ${i}`;
      const agent: Agent = {
        id,
        kind,
        stake: `${id}: stake`,
        pool: `${id}: delegated stake`,
        delegators: `${id}: delegators`,
        accomplice: `${id}: accomplice`,
        held: 0,
        locked: 0,
        began: purse + stake * MIEL,
        delegatedAtFirst: delegated * MIEL,
      };
      ledger.move(from, agent.id, purse);
      ledger.move(from, agent.stake, stake * MIEL);
      ledger.move(from, agent.pool, delegated * MIEL);
      return agent;
    }),
  );
}

/** What an agent has gained since the beginning, accomplices included. */
export const gainOf = (ledger: Ledger, agent: Agent): number =>
  ledger.of(agent.id) + ledger.of(agent.stake) + ledger.of(agent.accomplice) - agent.began;

/** What its delegators have gained. */
export const delegatorsGainOf = (ledger: Ledger, agent: Agent): number =>
  ledger.of(agent.pool) + ledger.of(agent.delegators) - agent.delegatedAtFirst;
