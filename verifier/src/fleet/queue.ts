import type { Deployment } from '@essaim/sdk';
import type { Submitted } from '../case.ts';

/** Name of the queue in which submissions wait for a look. */
export const LOOKS = 'looks';

/** How a look is kept and tried; what was found is kept for a day, so that a verifier that starts again need only ask. */
export const TERMS = {
  attempts: 4,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: { age: 86_400 },
  removeOnFail: { age: 3_600 },
} as const;

/** Fleets of several deployments may share a Redis. */
export const prefixOf = ({ chainId, addresses }: Deployment): string => `essaim-${chainId}-${addresses.JobMarket}`;

/** One look for each submission: whoever asks for it, and however often, it is one piece of work. */
export const lookId = ({ jobId, batchRoot, receipt }: Submitted): string => `${jobId}-${batchRoot}-${receipt}`;
