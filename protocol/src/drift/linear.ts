/** How an operator's output moves with its operands, at one execution: to first order. */
export interface Linear {
  /** Half width of each output element's interval, from where it stands to the farther edge, in both tiers. */
  readonly sharp: Float64Array;
  readonly contract: Float64Array;
  /** Adds to the operands' sensitivities (by slot, physical elements) what `sensitivity` of the output makes of them. */
  pull(sensitivity: Float64Array, into: (slot: number) => Float64Array | null): void;
  /** Whether the output jumps somewhere, as rounding does, which no first order shows. */
  readonly jumps: boolean;
}
