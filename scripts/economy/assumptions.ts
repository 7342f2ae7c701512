import type { ParameterLine } from '../lib/parameter-table.ts';

/** A number that the audits and emissions need, with the bounds that their contracts have to compile in. */
export interface Assumption extends ParameterLine {
  reason: string;
}

/** What is not in docs/parameters.md yet. Everything said about it in docs/economics.md holds only within these bounds. */
export const ASSUMPTIONS: readonly Assumption[] = [
  line('feeRules.burned', 5000, 'bp of the protocol fee', 1000, 10000, 'what a job in MIEL burns; emissions count it'),
  line(
    'emissionRules.rho',
    5000,
    'bp of the MIEL burned',
    0,
    9000,
    'all that a job earns, to all its recipients together',
  ),
  line(
    'emissionRules.budget',
    100000000,
    'mMIEL a day',
    0,
    200000000,
    'the reserve lasts ten years at the first value',
  ),
  line('emissionRules.delegators', 2000, 'bp of the emission', 0, 3000, 'to the delegators of the operator, if any'),
  line('emissionRules.data', 1000, 'bp of the emission', 0, 3000, 'to the contributors of the data, if any'),
  line('auditRules.saving', 6000, 'bp of the fee', 5000, 10000, 'C: what not computing saves'),
  line('auditRules.lazy', 3333, 'bp', 2500, 8000, 'r: share of drawn auditors that would pass a wrong claim'),
  line('auditRules.margin', 12500, 'bp', 10000, 50000, 'how far above the bound p lies'),
  line('auditRules.least', 100, 'bp', 50, 10000, 'p is never lower: governance cannot switch audits off'),
  line('auditRules.leaves', 5, 'leaves', 1, 64, 'k: leaves drawn of a batch that is audited'),
  line(
    'auditRules.pay',
    9000,
    'bp of the verification fee',
    5000,
    10000,
    'what the audits of a class pay out, planted ones too',
  ),
  line('auditRules.planted', 500, 'bp of the audits', 100, 5000, 'planted faults for each true audit'),
  line('auditRules.lock', 250000, 'mMIEL', 10000, 10000000, 'what an auditor has at stake in one audit'),
  line('auditRules.missed', 1000, 'bp of the lock', 100, 5000, 'burned for an audit that did not come'),
];

function line(name: string, value: number, unit: string, least: number, most: number, reason: string): Assumption {
  return { name, value: BigInt(value), unit, least: BigInt(least), most: BigInt(most), reason };
}
