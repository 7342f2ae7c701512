/** Basis points of one. */
export const BASIS = 10_000n;
/** One milli-MIEL in wei. */
export const MILLI_MIEL = 10n ** 15n;

/** What audits follow from; the names and units of `IParameters.AuditRules`. */
export interface AuditRules {
  readonly saving: bigint;
  readonly lazy: bigint;
  readonly margin: bigint;
  readonly least: bigint;
  readonly leaves: bigint;
  readonly pay: bigint;
  readonly planted: bigint;
  /** milli-MIEL */
  readonly lock: bigint;
  readonly missed: bigint;
  /** milli-MIEL a leaf */
  readonly cost: bigint;
}
