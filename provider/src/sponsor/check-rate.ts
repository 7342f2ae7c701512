import { TRIAL } from './policy.ts';

/** What is known of a payee's work. */
export interface WorkRecord {
  /** Executions that were accepted. */
  readonly accepted: number;
  /** Those that did not come in time, or were not what a trace has to be. */
  readonly failed: number;
}

/**
 * The probability with which the next execution is run again: all of who is new or ever failed, then as many in the mean as
 * one in every `accepted / TRIAL`, and never less than `least`.
 */
export function checkRate({ accepted, failed }: WorkRecord, least: number): number {
  if (failed > 0 || accepted < TRIAL) return 1;
  return Math.max(least, TRIAL / (accepted + 1));
}
