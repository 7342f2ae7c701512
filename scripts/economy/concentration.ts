import { random } from '../../test/random.ts';
import { drawer } from './draw.ts';
import { divideFee, emissionOf, MIEL, share } from './money.ts';
import { FIRST } from './rules.ts';

/** 0: all have the same; 1: one has all. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  if (sum === 0) return 0;
  const weighted = sorted.reduce((total, value, i) => total + value * (i + 1), 0);
  return (2 * weighted) / (sorted.length * sum) - (sorted.length + 1) / sorted.length;
}

/** Herfindahl–Hirschman index, 0 to 10,000: 10,000 divided by the number of equals that would be as concentrated. */
export function hhi(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum === 0 ? 0 : 10_000 * values.reduce((total, value) => total + (value / sum) ** 2, 0);
}

export type Policy = 'nobody delegates' | 'delegators follow size' | 'delegators follow yield';

export interface Concentration {
  day: number;
  /** Of what operators and their pools earned since the last sample. */
  gini: number;
  hhi: number;
  /** Share of the largest operator in all stake that backs work. */
  largest: number;
}

interface Operator {
  own: number;
  delegated: number;
  earned: number;
}

/**
 * Operators whose stakes begin as 1, 1/2, 1/3, …, who stake again all they earn, and get work in proportion to what
 * backs them: the worst case, as requesters that look at prices do not care who is big.
 */
export function concentrate(options: {
  policy: Policy;
  epochs: number;
  every: number;
  seed?: number;
}): Concentration[] {
  const next = random(options.seed ?? 7);
  const operators: Operator[] = Array.from({ length: 60 }, (_, i) => ({
    own: (200_000 * MIEL) / (i + 1),
    delegated: 0,
    earned: 0,
  }));
  const delegation = 5_000 * MIEL;
  const delegators: (Operator | undefined)[] =
    options.policy === 'nobody delegates' ? [] : Array.from({ length: 400 }, () => undefined);
  const fee = 20 * MIEL;
  const fees = divideFee(FIRST, fee);
  const income = fees.provider + emissionOf(FIRST, fees.burned) - share(fee, FIRST.saving);
  const samples: Concentration[] = [];
  for (let day = 1; day <= options.epochs; day++) {
    for (let i = 0; i < delegators.length; i++) {
      if (next() < 1 / 30) delegators[i] = move(operators, delegators[i], delegation, options.policy, next);
    }
    const operator = drawer(operators, ({ own, delegated }) => own + delegated);
    for (let batch = 0; batch < 200; batch++) {
      const chosen = operator(next)!;
      chosen.earned += income;
      chosen.own += chosen.delegated > 0 ? share(income, 8_000) : income;
    }
    if (day % options.every !== 0) continue;
    const earned = operators.map((each) => each.earned);
    const backing = operators.map(({ own, delegated }) => own + delegated);
    const largest = Math.max(...backing) / backing.reduce((sum, value) => sum + value, 0);
    samples.push({ day, gini: gini(earned), hhi: hhi(earned), largest });
    for (const each of operators) each.earned = 0;
  }
  return samples;
}

/** A delegator looks at five operators and goes to the best that has room: at most four times its own. */
function move(
  operators: readonly Operator[],
  from: Operator | undefined,
  amount: number,
  policy: Policy,
  next: () => number,
): Operator | undefined {
  if (from) from.delegated -= amount;
  const seen = Array.from({ length: 5 }, () => operators[Math.floor(next() * operators.length)]);
  if (from) seen.push(from);
  const room = seen.filter(({ own, delegated }) => delegated + amount <= 4 * own);
  const worth = ({ own, delegated }: Operator) =>
    policy === 'delegators follow size' ? own + delegated : (own + delegated + amount) / (delegated + amount);
  const best = room.reduce<Operator | undefined>((a, b) => (a && worth(a) >= worth(b) ? a : b), undefined);
  if (best) best.delegated += amount;
  return best;
}
