import { type ParameterLine, parameterTable } from '../lib/parameter-table.ts';

/** The numbers that move money, by the names under which governance sets them. */
const NAMES = {
  lateness: 'jobRules.lateness',
  minimumStake: 'jobRules.minimumStake',
  collateralFloor: 'jobRules.collateralFloor',
  collateralPerJobHeld: 'jobRules.collateralPerJobHeld',
  protocolFee: 'feeRules.protocolFee',
  verificationFee: 'feeRules.verificationFee',
  burned: 'feeRules.burned',
  slash: 'slashRules.slash',
  bounty: 'slashRules.bounty',
  compensation: 'slashRules.compensation',
  rho: 'emissionRules.rho',
  budget: 'emissionRules.budget',
  toDelegators: 'emissionRules.delegators',
  toData: 'emissionRules.data',
  saving: 'auditRules.saving',
  lazy: 'auditRules.lazy',
  margin: 'auditRules.margin',
  leastAudits: 'auditRules.least',
  leaves: 'auditRules.leaves',
  auditPay: 'auditRules.pay',
  planted: 'auditRules.planted',
  auditLock: 'auditRules.lock',
  missed: 'auditRules.missed',
} as const;

export type RuleName = keyof typeof NAMES;
/** Shares in basis points, stake in mMIEL, as in the tables. */
export type Rules = Readonly<Record<RuleName, number>>;

export const RULE_NAMES = Object.keys(NAMES) as RuleName[];

/** Value, unit and bounds of each rule, from the parameter table. */
export const LINES: Readonly<Record<RuleName, ParameterLine>> = lines();

/** The values of the first epoch. */
export const FIRST: Rules = pick(({ value }) => value);

/** Some value within the bounds for every rule, each at a bound with the given probability: what governance can reach. */
export function reachable(next: () => number, atBound = 0.3): Rules {
  return pick(({ least, most }) => {
    const draw = next();
    if (draw < atBound / 2) return least;
    if (draw < atBound) return most;
    return least + BigInt(Math.floor(next() * Number(most - least + 1n)));
  });
}

/** The first values, some of them changed. */
export const withRules = (changes: Partial<Rules>): Rules => ({ ...FIRST, ...changes });

function pick(choose: (line: ParameterLine) => bigint): Rules {
  return Object.fromEntries(RULE_NAMES.map((name) => [name, Number(choose(LINES[name]))])) as unknown as Rules;
}

function lines(): Readonly<Record<RuleName, ParameterLine>> {
  const known = new Map(parameterTable().map((line) => [line.name, line]));
  const entries = RULE_NAMES.map((name) => {
    const line = known.get(NAMES[name]);
    if (!line) throw new Error(`${NAMES[name]} does not stand in docs/parameters.md`);
    return [name, line];
  });
  return Object.fromEntries(entries) as Record<RuleName, ParameterLine>;
}
