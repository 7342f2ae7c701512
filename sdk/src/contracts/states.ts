/** States of JobMarket.job, as the chain numbers them. */
export const JobState = {
  None: 0n,
  Posted: 1n,
  Accepted: 2n,
  Submitted: 3n,
  Released: 4n,
  Paid: 5n,
  Unlocked: 6n,
  Cancelled: 7n,
  Refunded: 8n,
} as const;

/** States of Claims.state. */
export const ClaimState = { None: 0n, Pending: 1n, Final: 2n, Rejected: 3n } as const;

/** States of Availability.demand. */
export const DemandStatus = { None: 0n, Open: 1n, Answered: 2n, Settled: 3n } as const;
