import { random } from '../../test/random.ts';
import { type Agent, delegatorsGainOf, type Population, PROVIDERS, settle } from './agents.ts';
import { Ledger } from './ledger.ts';
import { type Demand, epoch, type Market, meanGain } from './market.ts';
import { MIEL } from './money.ts';
import { FIRST, type Rules } from './rules.ts';

export const GENESIS = 1_000_000_000 * MIEL;

/** The people of the report's long run; stakes in MIEL. */
export const PEOPLE: readonly Population[] = [
  { kind: 'honest provider', count: 60, stake: 10_000, delegated: 10_000 },
  { kind: 'late provider', count: 10, stake: 10_000 },
  { kind: 'cheat', count: 10, stake: 10_000, delegated: 10_000 },
  { kind: 'batch cheat', count: 10, stake: 10_000 },
  { kind: 'farmer', count: 5, stake: 10_000 },
  { kind: 'self-convictor', count: 5, stake: 10_000 },
  { kind: 'auditor', count: 20, stake: 10_000 },
  { kind: 'late auditor', count: 5, stake: 10_000 },
  { kind: 'lazy auditor', count: 5, stake: 10_000 },
  { kind: 'copier', count: 5, stake: 10_000 },
  { kind: 'sampler', count: 3, stake: 0 },
];

export const DEMAND: Demand = {
  batches: 200,
  fee: 2 * MIEL,
  asked: 250 * MIEL,
  leaves: 20,
  gain: 0,
  sampled: 0.01,
  missed: 0.03,
  recovers: false,
  cut: 8_000,
};

export interface Course {
  market: Market;
  agents: readonly Agent[];
  /** Mean gain of each kind after each sampled epoch, in MIEL. */
  gains: { day: number; byKind: ReadonlyMap<string, number> }[];
}

/** Runs an economy from genesis. Every run with the same arguments is the same, and no money comes or goes. */
export function runPopulation(options: {
  epochs: number;
  seed?: number;
  every?: number;
  rules?: Rules;
  demand?: Partial<Demand>;
  people?: readonly Population[];
}): Course {
  const ledger = new Ledger();
  ledger.mint('reserve', 0.4 * GENESIS);
  ledger.mint('treasury', 0.3 * GENESIS);
  ledger.mint('bootstrap', 0.1 * GENESIS);
  ledger.mint('requesters', 0.1 * GENESIS);
  ledger.mint('victims', 0.01 * GENESIS);
  ledger.mint('outside', 0.09 * GENESIS);
  const agents = settle(ledger, 'bootstrap', options.people ?? PEOPLE);
  const of = (...kinds: readonly string[]) => agents.filter(({ kind }) => kinds.includes(kind));
  const market: Market = {
    rules: options.rules ?? FIRST,
    ledger,
    demand: { ...DEMAND, ...options.demand },
    providers: of(...PROVIDERS),
    auditors: of('auditor', 'late auditor', 'lazy auditor', 'copier'),
    samplers: of('sampler'),
    next: random(options.seed ?? 1),
    convictions: new Map(),
  };
  // The pool has something to pay the first audits from.
  ledger.move('treasury', 'audit pool', 1_000 * MIEL);
  const kinds = [...new Set(agents.map(({ kind }) => kind))];
  const gains: Course['gains'] = [];
  for (let day = 0; day < options.epochs; day++) {
    epoch(market, day);
    if (day % (options.every ?? 1) === 0 || day === options.epochs - 1) {
      const byKind = new Map<string, number>(kinds.map((kind) => [kind, meanGain(ledger, agents, kind) / MIEL]));
      byKind.set('delegator of honest', delegators(ledger, of('honest provider')));
      byKind.set('delegator of cheat', delegators(ledger, of('cheat')));
      gains.push({ day, byKind });
    }
  }
  if (ledger.sum !== GENESIS) throw new Error(`${ledger.sum - GENESIS} of money came from nowhere`);
  return { market, agents, gains };
}

const delegators = (ledger: Ledger, agents: readonly Agent[]): number =>
  agents.reduce((sum, agent) => sum + delegatorsGainOf(ledger, agent), 0) / Math.max(1, agents.length) / MIEL;
