/** Why a job is not accepted. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  /** It may be accepted later, when something has changed here. */
  readonly mayPass: boolean;
}
