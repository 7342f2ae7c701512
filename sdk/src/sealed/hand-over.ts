import { EssaimError } from '@essaim/protocol';
import type { ContractTransaction } from 'ethers';
import type { JobContext } from '../jobs/context.ts';
import { fetchInputs } from '../jobs/inputs.ts';
import { batchIdOf, findPosted } from '../jobs/terms.ts';
import { readable } from './job-key.ts';

/** What a requester gives to a verifier so that it can check one sealed job, and no other: a file's content. */
export interface HandOver {
  readonly kind: 'essaim/hand-over/1';
  readonly chainId: number;
  /** The job market's address. */
  readonly market: string;
  readonly jobId: string;
  /** Opens this job's inputs and result. */
  readonly key: string;
}

/** A hand-over that was tried: its key opens the job's inputs. JOB_UNKNOWN, JOB_OPEN, JOB_KEY_INVALID, SEALED_… */
export async function handOver(
  context: JobContext,
  jobId: string,
  key: string,
  signal?: AbortSignal,
): Promise<HandOver> {
  const { chainId, contracts, startBlock, models } = context;
  const { terms } = await findPosted(contracts, jobId, startBlock);
  if (!terms.isSealed) {
    throw new EssaimError('JOB_OPEN', `job ${jobId} is not sealed: anybody can check it`, {
      help: 'hand nothing over',
    });
  }
  const { program } = await models.load(terms.model, terms.programId, signal);
  await fetchInputs((await readable(context, terms, key)).storage, program, terms, signal);
  return { kind: 'essaim/hand-over/1', chainId, market: await contracts.JobMarket.getAddress(), jobId, key };
}

/** Reads what somebody handed over. HAND_OVER_INVALID */
export function readHandOver(value: unknown): HandOver {
  const { kind, chainId, market, jobId, key } = (value ?? {}) as Partial<Record<keyof HandOver, unknown>>;
  const isHash = (text: unknown): text is string => typeof text === 'string' && /^0x[0-9a-f]{64}$/.test(text);
  const isPlace = typeof chainId === 'number' && typeof market === 'string';
  if (kind === 'essaim/hand-over/1' && isPlace && isHash(jobId) && isHash(key)) {
    return { kind, chainId, market, jobId, key };
  }
  throw new EssaimError('HAND_OVER_INVALID', 'this is not what a requester hands over of a sealed job', {
    help: 'give the file as the requester wrote it',
  });
}

/** The transaction by which the requester of a sealed job lets a verifier demand in its stead. */
export async function planAppointment(
  { contracts }: Pick<JobContext, 'contracts'>,
  jobId: string,
  verifier: string,
): Promise<ContractTransaction> {
  const batchId = batchIdOf(await contracts.JobMarket.getAddress(), jobId);
  return contracts.Availability.appoint.populateTransaction(batchId, verifier);
}
