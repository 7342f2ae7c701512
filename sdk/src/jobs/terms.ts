import { EssaimError, batchId as hashBatchId } from '@essaim/protocol';
import { AbiCoder, keccak256, toBigInt } from 'ethers';
import type { Contracts } from '../contracts/contracts.ts';
import type { IJobMarket } from '../generated/types/contracts/market/JobMarket.ts';

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
];
const TUPLE = `tuple(${TYPES.join(', ')})`;

/** The terms as the ABI has them: what a client contract takes as `clientData`. */
export const encodeTerms = (terms: Terms): string => AbiCoder.defaultAbiCoder().encode([TUPLE], [terms]);

/** keccak256(abi.encode(terms)): the job's id and the subject of its batch. */
export const jobIdOf = (terms: Terms): string => keccak256(encodeTerms(terms));

/** Id of a job's batch in Claims. */
export const batchIdOf = (jobMarket: string, jobId: string): string => hashBatchId(jobMarket, jobId);

/** Terms as they stand in a Posted event. */
export function termsOf(posted: IJobMarket.TermsStructOutput): Terms {
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
  };
}

/** The terms of a posted job, read from its event. JOB_UNKNOWN if there is none from `fromBlock` on. */
export async function findTerms(contracts: Contracts, jobId: string, fromBlock: number): Promise<Terms> {
  const market = contracts.JobMarket;
  const [posted] = await market.queryFilter(market.filters.Posted(jobId), fromBlock);
  if (!posted)
    throw new EssaimError('JOB_UNKNOWN', `no job ${jobId} was posted here`, { help: 'check the id and the chain' });
  return termsOf(posted.args.terms);
}

/** 64 random bits that tell equal jobs apart. */
export const randomSalt = (): bigint => toBigInt(crypto.getRandomValues(new Uint8Array(8)));
