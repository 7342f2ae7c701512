import { EssaimError } from '@essaim/protocol';
import type { Storage } from '@essaim/storage';
import type { Provider } from 'ethers';
import { pastLogs } from '../chain/logs.ts';
import { pause } from '../chain/wait.ts';
import type { Contracts } from '../contracts/contracts.ts';
import type { Models } from '../models.ts';
import { fetchOutputs, fetchReceipt } from './result.ts';
import type { JobStage } from './stages.ts';
import { batchIdOf, type Terms } from './terms.ts';

export interface FollowOptions {
  /** Stop once the outputs are here and checked, or wait until nobody can challenge them any more. Default: result. */
  until?: 'result' | 'final';
  signal?: AbortSignal;
}

export interface FollowContext {
  chainId: number;
  provider: Provider;
  contracts: Contracts;
  storage: Storage;
  models: Models;
  /** Polling, in milliseconds. */
  interval: number;
}

/** States of Claims. */
const FINAL = 2n;
const REJECTED = 3n;

/** The stages of a posted job, read from the chain from `fromBlock` on. */
export async function* followJob(
  context: FollowContext,
  jobId: string,
  terms: Terms,
  fromBlock: number,
  { until = 'result', signal }: FollowOptions,
): AsyncGenerator<JobStage> {
  const { provider, contracts, interval } = context;
  const address = await contracts.JobMarket.getAddress();
  const batchId = batchIdOf(address, jobId);
  let next = fromBlock;
  let submitted = false;
  for (;;) {
    signal?.throwIfAborted();
    const head = await provider.getBlock('latest');
    if (!head)
      throw new EssaimError('CHAIN_FAILED', 'the endpoint knows no latest block', { help: 'try another endpoint' });
    for await (const log of pastLogs(provider, { address, topics: [null, jobId], fromBlock: next }, head.number)) {
      const event = contracts.JobMarket.interface.parseLog(log);
      if (event?.name === 'Accepted') yield { stage: 'accepted', provider: event.args.provider };
      if (event?.name === 'Exited') yield { stage: 'reopened', provider: event.args.provider };
      if (event?.name !== 'Submitted') continue;
      submitted = true;
      const { provider: by, batchRoot, receipt } = event.args;
      yield { stage: 'submitted', provider: by, batchRoot, transaction: log.transactionHash };
      yield { stage: 'result', outputs: await outputsOf(context, address, jobId, terms, batchRoot, receipt, signal) };
      if (until === 'result') return;
    }
    next = Math.max(next, head.number + 1);
    if (submitted) {
      const state = await contracts.Claims.state(batchId);
      if (state === FINAL) return yield { stage: 'final' };
      if (state === REJECTED) {
        const { challenger, leaf } = await contracts.Claims.conviction(batchId);
        return yield { stage: 'rejected', challenger, leaf: Number(leaf) };
      }
    } else if (BigInt(head.timestamp) > terms.deadline) {
      return yield { stage: 'late' };
    }
    await pause(interval, signal);
  }
}

async function outputsOf(
  { chainId, storage, models }: FollowContext,
  client: string,
  jobId: string,
  terms: Terms,
  batchRoot: string,
  receipt: string,
  signal?: AbortSignal,
) {
  const { program } = await models.load(terms.model, terms.programId, signal);
  const submission = { chainId, client, jobId, programId: terms.programId, batchRoot, receipt };
  const { claims } = await fetchReceipt(storage, submission, signal);
  return Promise.all(claims.map((claim) => fetchOutputs(storage, program, claim, signal)));
}
