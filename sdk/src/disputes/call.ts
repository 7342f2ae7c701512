import type { ChainQuestion } from '@essaim/protocol';
import type { TransactionResponse } from 'ethers';
import type { ContractName } from '../contracts/abis.ts';
import type { Contracts } from '../contracts/contracts.ts';
import type { Deployment } from '../contracts/deployment.ts';

/** What the calldata of a convicting transaction says; null fields where it was sent through another contract. */
export interface ConvictingCall {
  /** `0x` hex of the proof that was shown. */
  readonly proof: string | null;
  readonly salt: string | null;
  /** The question that nobody answered. */
  readonly question: ChainQuestion | null;
  /** Of a run's fault: which. */
  readonly fault: bigint | null;
  readonly method: string | null;
}

const NOTHING: ConvictingCall = { proof: null, salt: null, question: null, fault: null, method: null };

/** Name of the contract at an address of the deployment; the address itself where there is none. */
export function contractAt({ addresses }: Deployment, address: string): ContractName | string {
  const wanted = address.toLowerCase();
  return Object.entries(addresses).find(([, at]) => at.toLowerCase() === wanted)?.[0] ?? address;
}

/** Reads the call of a transaction to one of the protocol's contracts. */
export function readCall(
  contracts: Contracts,
  name: string,
  { data }: Pick<TransactionResponse, 'data'>,
): ConvictingCall {
  const contract = (contracts as unknown as Record<string, Contracts['Referee'] | undefined>)[name];
  const call = contract?.interface.parseTransaction({ data });
  if (!call) return NOTHING;
  const given = Object.fromEntries(call.fragment.inputs.map((input, i) => [input.name, call.args[i]]));
  const { proof = null, salt = null, question = null, fault = null } = given;
  return { proof, salt, question, fault, method: call.name };
}
