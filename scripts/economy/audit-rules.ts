import { BASIS, MILLI, share } from './money.ts';
import type { Rules } from './rules.ts';

/** Of a slash, what neither the executor nor its accomplices can get back: 1 − bounty − compensation. */
export const unrecoverable = (rules: Rules): number => (BASIS - rules.bounty - rules.compensation) / BASIS;

/**
 * S of the formulas: what a conviction costs the operator for certain.
 * @param own the operator's own part of what backs its locks: delegators' losses do not deter it
 */
export const certainLoss = (rules: Rules, lock: number, own = 1): number =>
  share(lock, rules.slash) * own * unrecoverable(rules);

/** The bound below which cheating pays: C / ((1 − r)(R + S)). */
export const auditBound = (rules: Rules, fee: number, lock: number, own = 1): number =>
  share(fee, rules.saving) / ((1 - rules.lazy / BASIS) * (fee + certainLoss(rules, lock, own)));

/** Probability in basis points with which a batch of this fee and lock is audited. */
export function auditProbability(rules: Rules, fee: number, lock: number, own = 1): number {
  const wanted = Math.ceil(rules.margin * auditBound(rules, fee, lock, own));
  return Math.min(BASIS, Math.max(rules.leastAudits, wanted));
}

/**
 * What one audited leaf pays. All audits of a class, planted ones too, pay out no more than its verification fees bring
 * in, so nobody can post jobs in order to be paid for auditing them.
 */
export function auditPay(rules: Rules, verificationFee: number, probability: number, leaves: number): number {
  const audits = (probability / BASIS) * leaves * (1 + rules.planted / BASIS);
  return Math.floor(share(verificationFee, rules.auditPay) / audits);
}

/** What an auditor has at stake in one audit. */
export const auditLock = (rules: Rules): number => rules.auditLock * MILLI;

/** Chance that a batch with one wrong leaf of n is convicted. */
export function detection(chance: {
  /** the batch is audited */ p: number;
  /** leaves drawn */ k: number;
  /** leaves */ n: number;
  /** drawn auditors that would pass it */ r: number;
  /** somebody unassigned checks the leaf */ q: number;
}): number {
  const drawn = Math.min(1, chance.k / chance.n);
  return 1 - (1 - chance.p * (1 - chance.r) * drawn) * (1 - chance.q);
}
