export * from './claim.ts';
export * from './draw.ts';
export { type AtStake, auditOdds, auditPay, ownPart, plantReturn } from './odds.ts';
export * from './record.ts';
export { type AuditRules, MILLI_MIEL } from './rules.ts';
