import { unrecoverable } from './audit-rules.ts';
import type { Demand } from './market.ts';
import { BASIS, divideFee, emissionOf, MIEL, share } from './money.ts';
import { runPopulation } from './population.ts';
import { FIRST, type Rules, withRules } from './rules.ts';

/** Rules under which exactly this share of batches is audited, with this lock for each. */
export const fixed = (probability: number, lock: number, changes: Partial<Rules> = {}): Rules =>
  withRules({
    leastAudits: Math.round(probability * BASIS),
    margin: 0,
    collateralFloor: Math.round((lock / MIEL) * 1000),
    collateralPerJobHeld: 0,
    ...changes,
  });

/**
 * What a cheat gains over an honest provider by each batch, in MIEL, measured in the market itself: one cheat, and
 * auditors of whom the share r does not look.
 */
export function cheatsGain(options: {
  rules: Rules;
  kind: 'cheat' | 'batch cheat';
  batches: number;
  demand: Partial<Demand>;
  seed?: number;
}): number {
  const { rules, kind, batches } = options;
  const passing = Math.round((30 * rules.lazy) / BASIS);
  const course = runPopulation({
    epochs: 1,
    seed: options.seed,
    rules,
    demand: { batches, sampled: 0, asked: 0, recovers: true, ...options.demand },
    people: [
      { kind, count: 1, stake: 20_000_000 },
      { kind: 'auditor', count: 30 - passing, stake: 1_000_000 },
      { kind: 'copier', count: passing, stake: 1_000_000 },
    ],
  });
  return course.gains[0].byKind.get(kind)! / batches - honestGain(rules, course.market.demand.fee);
}

/** What an honest provider without delegators gains by each job of this fee, emission included, in MIEL. */
export function honestGain(rules: Rules, fee: number): number {
  const fees = divideFee(rules, fee);
  const emission = emissionOf(rules, fees.burned);
  const earned = emission - share(emission, rules.toData) - share(emission, rules.toDelegators);
  return (fees.provider + earned - share(fee, rules.saving)) / MIEL;
}

/** Lock at which cheating in a batch of n, k audited, breaks even: (1 − bounty − compensation) · S = G · n / (P · k). */
export const leastLock = (gain: number, n: number, k: number, found: number, rules: Rules = FIRST): number =>
  (gain * n) / (found * Math.min(k, n)) / unrecoverable(rules) / (rules.slash / BASIS);

/** The most batches that can be audited before auditing costs more than the verification fees bring, as a share. */
export const affordable = (rules: Rules): number =>
  (rules.verificationFee * rules.auditPay) / BASIS / (rules.saving * (1 + rules.planted / BASIS));

/** Lock in fees at which the bound asks for exactly this audit probability. */
export const locksPerFee = (rules: Rules, probability: number): number =>
  (rules.saving / BASIS / ((1 - rules.lazy / BASIS) * probability) - 1) / unrecoverable(rules) / (rules.slash / BASIS);
