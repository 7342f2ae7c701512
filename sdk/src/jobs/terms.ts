import { EssaimError, batchId as hashBatchId } from '@essaim/protocol';
import { AbiCoder, isHexString, keccak256, toBigInt } from 'ethers';
import { eventOf } from '../chain/event-of.ts';
import { newestLog } from '../chain/logs.ts';
import type { Contracts } from '../contracts/contracts.ts';

/** What a requester asks for and offers; documented in IJobMarket. Amounts in smallest units. */
export interface Terms {
  requester: string;
  provider: string;
  token: string;
  deadline: bigint;
  count: bigint;
  salt: bigint;
  fee: bigint;
  royalty: bigint;
  model: bigint;
  programId: string;
  inputsRoot: string;
  inputs: string;
  collateral: bigint;
  isSealed: boolean;
}

const TYPES = [
  'address requester',
  'address provider',
  'address token',
  'uint40 deadline',
  'uint32 count',
  'uint64 salt',
  'uint128 fee',
  'uint128 royalty',
  'uint256 model',
  'bytes32 programId',
  'bytes32 inputsRoot',
  'bytes32 inputs',
  'uint96 collateral',
  'bool isSealed',
];
/** The terms as an ABI type. */
export const TUPLE = `tuple(${TYPES.join(', ')})`;

/** The terms as the ABI has them: what a client contract takes as `clientData`. */
export const encodeTerms = (terms: Terms): string => AbiCoder.defaultAbiCoder().encode([TUPLE], [terms]);

/** keccak256(abi.encode(terms)): the job's id and the subject of its batch. */
export const jobIdOf = (terms: Terms): string => keccak256(encodeTerms(terms));

/** Id of a job's batch in Claims. */
export const batchIdOf = (jobMarket: string, jobId: string): string => hashBatchId(jobMarket, jobId);

/** Terms as they stand in a Posted event. */
export function termsOf(posted: Terms): Terms {
  const {
    requester,
    provider,
    token,
    deadline,
    count,
    salt,
    fee,
    royalty,
    model,
    programId,
    inputsRoot,
    inputs,
    collateral,
    isSealed,
  } = posted;
  return {
    requester,
    provider,
    token,
    deadline,
    count,
    salt,
    fee,
    royalty,
    model,
    programId,
    inputsRoot,
    inputs,
    collateral,
    isSealed,
  };
}

/** A job as it was posted. */
export interface PostedJob {
  terms: Terms;
  transaction: string;
  blockNumber: number;
}

/** The posting of a job, read from its event. JOB_UNKNOWN if there is none from `fromBlock` on. */
export async function findPosted(contracts: Contracts, jobId: string, fromBlock: number): Promise<PostedJob> {
  const market = contracts.JobMarket;
  const provider = market.runner?.provider;
  if (!provider) throw new EssaimError('CHAIN_FAILED', 'the contracts have no provider', { help: 'connect them' });
  if (!isHexString(jobId, 32)) throw unknown(jobId);
  const topics = [market.getEvent('Posted').fragment.topicHash, jobId];
  const log = await newestLog(provider, { address: await market.getAddress(), topics, fromBlock });
  const event = log && eventOf(market.interface, log);
  if (!event) throw unknown(jobId);
  return {
    terms: termsOf(event.args as unknown as Terms),
    transaction: log.transactionHash,
    blockNumber: log.blockNumber,
  };
}

/** The terms of a posted job. JOB_UNKNOWN if there is none from `fromBlock` on. */
export async function findTerms(contracts: Contracts, jobId: string, fromBlock: number): Promise<Terms> {
  return (await findPosted(contracts, jobId, fromBlock)).terms;
}

const unknown = (jobId: string) =>
  new EssaimError('JOB_UNKNOWN', `no job ${jobId} was posted here`, { help: 'check the id and the chain' });

/** 64 random bits that tell equal jobs apart. */
export const randomSalt = (): bigint => toBigInt(crypto.getRandomValues(new Uint8Array(8)));
