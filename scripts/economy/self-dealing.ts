import { auditPay, auditProbability } from './audit-rules.ts';
import { BASIS, divideFee, divideSlash, emissionOf, share } from './money.ts';
import type { Rules } from './rules.ts';

/**
 * What is left of a deal with oneself, in millionths of a MIEL, before gas and computing; all other parts the dealer
 * holds too: it is its own requester, provider, delegators, contributors of data, challenger.
 */
export interface Deal {
  net: number;
  burned: number;
}

/**
 * (a) An operator convicts itself and takes bounty and compensation under other names. Its escrow comes back whole, and
 * nothing is paid for audits of it or emitted for it.
 */
export function convictOneself(rules: Rules, lock: number, own: number, delegated: number): Deal & { own: number } {
  const slash = divideSlash(rules, lock, own, delegated);
  return { net: slash.bounty + slash.compensation - slash.own, burned: slash.burned, own: slash.own };
}

/**
 * (b) and (c) Jobs for oneself. The dealer pays itself, is paid the whole emission, and holds a share of the audit pool's
 * stake: by it, it earns what the audits of its jobs pay on average, and its auditors pass anything.
 * @param auditors its share of the auditors' stake, 0 to 1
 * @param keepsTreasury whether the treasury is its own too
 */
export function dealWithOneself(
  rules: Rules,
  job: { fee: number; lock: number; leaves: number; auditors: number; keepsTreasury: boolean },
): Deal {
  const fees = divideFee(rules, job.fee);
  const probability = auditProbability(rules, job.fee, job.lock);
  const drawn = Math.min(rules.leaves, job.leaves);
  const audits = (probability / BASIS) * drawn * (1 + rules.planted / BASIS);
  const audited = job.auditors * audits * auditPay(rules, fees.auditPool, probability, drawn);
  const emission = emissionOf(rules, fees.burned);
  const treasury = job.keepsTreasury ? fees.treasury : 0;
  return { net: fees.provider + treasury + audited + emission - job.fee, burned: fees.burned };
}

/**
 * (d) A lottery: the dealer posts a job to itself, sees what is drawn, and does what suits it best: it lets the job become
 * final, or convicts itself. Its auditors are drawn with its share of their stake. The average of both ends, before gas.
 * @param worth of the job's token in MIEL: what the lock loses counts in the one, what audits pay in the other
 */
export function lottery(
  rules: Rules,
  job: { fee: number; lock: number; auditors: number; probability: number; worth: number },
): number {
  const fees = divideFee(rules, job.fee);
  const hit = (job.probability / BASIS) * job.auditors;
  const pay = auditPay(rules, fees.auditPool, job.probability, 1) * (1 + rules.planted / BASIS) * job.worth;
  const final = -(fees.auditPool + fees.burned - emissionOf(rules, fees.burned)) * job.worth;
  const convicted = convictOneself(rules, job.lock, job.lock, 0).net - fees.auditPool * job.worth;
  return hit * (pay + Math.max(final, convicted)) + (1 - hit) * Math.max(final, convicted);
}

/** What the proof promises at least to lose by a self-conviction: half of the own stake that was slashed. */
export const certainLossOfOwn = (own: number): number => Math.ceil(own / 2);

/** What the proof promises at least to lose by dealing with oneself: the burn that emissions do not give back. */
export const certainBurn = (rules: Rules, burned: number): number => burned - share(burned, rules.rho);
