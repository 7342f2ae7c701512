import type { Rules } from './rules.ts';

/** Money is counted in whole millionths of a MIEL, so that rounding is as exact here as in the contracts. */
export const MIEL = 1_000_000;
/** Stake has this unit: 1e15 wei. */
export const MILLI = 1_000;
export const BASIS = 10_000;

/** floor(amount · bp / 10,000), exact for every safe integer. */
export const share = (amount: number, bp: number): number =>
  Math.floor(amount / BASIS) * bp + Math.floor(((amount % BASIS) * bp) / BASIS);

const shareOfStake = (amount: number, bp: number): number => share(amount / MILLI, bp) * MILLI;

/** What an accepted job locks: JobMarket.accept and StakeManager.lock. */
export function lockOf(rules: Rules, asked: number, held: number): number {
  const collateral = Math.max(Math.ceil(asked / MILLI), rules.collateralFloor);
  return (collateral + rules.collateralPerJobHeld * held) * MILLI;
}

export interface Fees {
  provider: number;
  /** The part of the protocol fee that is not burned. */
  treasury: number;
  burned: number;
  auditPool: number;
}

/** How the fee of a final job divides: JobMarket._pay, and the burned share of the protocol fee. */
export function divideFee(rules: Rules, fee: number): Fees {
  const protocolFee = share(fee, rules.protocolFee);
  const auditPool = share(fee, rules.verificationFee);
  const burned = share(protocolFee, rules.burned);
  return { provider: fee - protocolFee - auditPool, treasury: protocolFee - burned, burned, auditPool };
}

export interface Slash {
  own: number;
  delegated: number;
  bounty: number;
  compensation: number;
  burned: number;
}

/**
 * What the conviction of one batch takes and where it goes: Penalties.collect and StakeManager.slash.
 * @param own the operator's own stake in the provision
 * @param delegated its delegators'
 */
export function divideSlash(rules: Rules, lock: number, own: number, delegated = 0): Slash {
  const amount = Math.min(shareOfStake(lock, rules.slash), own + delegated);
  const fromOwn = Math.min(amount, own);
  let bounty = shareOfStake(amount, rules.bounty);
  let compensation = shareOfStake(amount, rules.compensation);
  if (fromOwn !== amount) {
    bounty = ofOwn(bounty, fromOwn, amount);
    compensation = ofOwn(compensation, fromOwn, amount);
  }
  return { own: fromOwn, delegated: amount - fromOwn, bounty, compensation, burned: amount - bounty - compensation };
}

/** A late job's burn: JobMarket.refund. */
export const lateBurn = (rules: Rules, lock: number): number => shareOfStake(lock, rules.lateness);

/** What missing the audit of a leaf with this fee burns: AuditPool.missed. */
export const missBurn = (rules: Rules, fee: number): number =>
  Math.min(Math.ceil(fee / MILLI), share(rules.auditLock, rules.missed)) * MILLI;

/** The most that a final job may emit, to all recipients together, for the MIEL that its fee burned. */
export const emissionOf = (rules: Rules, burned: number): number => share(burned, rules.rho);

const ofOwn = (part: number, own: number, amount: number): number =>
  Number((BigInt(part / MILLI) * BigInt(own / MILLI)) / BigInt(amount / MILLI)) * MILLI;
