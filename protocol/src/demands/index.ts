export * from './answer.ts';
export {
  type BatchRoot,
  CLAIM_BYTES,
  encodeClaim,
  listOf,
  type OpenedClaim,
  type ShownClaim,
  shownClaimHash,
} from './claim.ts';
export * from './question.ts';
export * from './read.ts';
