import { EssaimError } from '@essaim/protocol';
import { type Essaim, newestLog } from '@essaim/sdk';
import type { Submitted } from './case.ts';

/** What was submitted for a job last. JOB_NOT_SUBMITTED */
export async function submissionOf(
  { provider: chain, contracts, deployment }: Essaim,
  jobId: string,
): Promise<Submitted> {
  const { JobMarket } = contracts;
  const log = await newestLog(chain, {
    address: await JobMarket.getAddress(),
    topics: [JobMarket.getEvent('Submitted').fragment.topicHash, jobId],
    fromBlock: deployment.startBlock,
  });
  const event = log && JobMarket.interface.parseLog(log);
  if (!event) {
    throw new EssaimError('JOB_NOT_SUBMITTED', `nothing was submitted for job ${jobId}`, {
      help: 'give the id of a job whose result is on the chain',
    });
  }
  const { provider, batchRoot, receipt } = event.args;
  return { jobId, provider, batchRoot, receipt };
}
