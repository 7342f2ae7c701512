import { type AuditRules, BASIS, MILLI_MIEL } from './rules.ts';

/** What the probability of an audit follows from. */
export interface AtStake {
  /** Fees of all leaves in wei, if they are in MIEL; else they have no price. */
  readonly fees: bigint;
  readonly inMiel: boolean;
  readonly leaves: bigint;
  /** What the job's terms ask for, at least the floor, in milli-MIEL. */
  readonly lock: bigint;
  /** Counted as the executor's own, in basis points: {@link ownPart}. */
  readonly own: bigint;
  readonly slash: bigint;
  readonly bounty: bigint;
  readonly compensation: bigint;
}

/** Basis points with which a batch is audited: max(least, margin · C / ((1 − r)(R + S))), rounded up, at most one. */
export function auditOdds(rules: AuditRules, at: AtStake): bigint {
  const saved = at.inMiel ? at.fees * rules.saving : rules.cost * at.leaves * MILLI_MIEL * BASIS;
  const lost = (at.lock * MILLI_MIEL * at.slash * (BASIS - at.bounty - at.compensation) * at.own) / BASIS ** 3n;
  const risk = (BASIS - rules.lazy) * (lost + (at.inMiel ? at.fees : 0n));
  const odds = risk === 0n ? BASIS : (saved * rules.margin + risk - 1n) / risk;
  const least = odds < rules.least ? rules.least : odds;
  return least > BASIS ? BASIS : least;
}

/**
 * What one audited leaf pays, in the fee's token.
 * @param verificationFee what the batch's job paid to the audit pool
 * @param odds basis points with which the batch was drawn; 0 where its draw expired
 * @param audits how many of its leaves are audited
 */
export function auditPay(rules: AuditRules, verificationFee: bigint, odds: bigint, audits: bigint): bigint {
  if (odds === 0n) return (verificationFee * (BASIS - rules.pay)) / (BASIS * audits);
  return (verificationFee * rules.pay * BASIS) / (odds * audits * (BASIS + rules.planted));
}

/** What the requester of a wrong result has back that its auditors passed: at most the job's `fees`. */
export function plantReturn(rules: AuditRules, verificationFee: bigint, odds: bigint, fees: bigint): bigint {
  const part = (verificationFee * rules.pay * rules.planted) / (odds * (BASIS + rules.planted));
  return part < fees ? part : fees;
}

/** How much of a lock counts as the executor's own: all, or where a pool stood at the submission the least that it may be. */
export const ownPart = (hasPool: boolean): bigint => (hasPool ? BASIS / 5n : BASIS);
