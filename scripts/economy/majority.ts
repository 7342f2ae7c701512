import { detection } from './audit-rules.ts';
import { honestGain } from './deterrence.ts';
import { MIEL } from './money.ts';
import { runPopulation } from './population.ts';
import { FIRST, LINES, RULE_NAMES, type RuleName, type Rules } from './rules.ts';

/** The settings within the bounds that suit a cheat best: what a majority can bring about by votes, step by step. */
export function hostile(): Rules {
  const best: Partial<Record<RuleName, 'least' | 'most'>> = {
    slash: 'least',
    bounty: 'most',
    compensation: 'most',
    collateralFloor: 'least',
    collateralPerJobHeld: 'least',
    verificationFee: 'least',
    lazy: 'least',
    saving: 'least',
    margin: 'least',
    leastAudits: 'least',
    planted: 'least',
  };
  const values = RULE_NAMES.map((name) => [name, best[name] ? Number(LINES[name][best[name]]) : FIRST[name]]);
  return Object.fromEntries(values) as Rules;
}

/** Chance that one of `cheats` wrong batches is convicted while this share of the auditors is the cheat's own. */
export const caughtWithin = (p: number, auditors: number, sampled: number, cheats: number): number =>
  1 - (1 - detection({ p, k: 1, n: 1, r: auditors, q: sampled })) ** cheats;

/**
 * What a cheat with this share of the auditors' stake gains over an honest provider by each batch, in MIEL, simulated;
 * what its auditors lose to planted faults included.
 */
export function gainWithAuditors(auditors: number, sampled: number, seed: number): number {
  const copiers = Math.round(auditors * 20);
  const batches = 4_000;
  const fee = 2 * MIEL;
  const course = runPopulation({
    epochs: 100,
    every: 100,
    seed,
    demand: { batches: batches / 100, sampled, fee, asked: 100 * MIEL, recovers: true },
    people: [
      { kind: 'cheat', count: 1, stake: 2_000_000 },
      { kind: 'auditor', count: 20 - copiers, stake: 1_000_000 },
      { kind: 'copier', count: copiers, stake: 1_000_000 },
      { kind: 'sampler', count: 1, stake: 0 },
    ],
  });
  const { byKind } = course.gains.at(-1)!;
  return (byKind.get('cheat')! + copiers * (byKind.get('copier') ?? 0)) / batches - honestGain(FIRST, fee);
}
