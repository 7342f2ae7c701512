import { concat, fromHex, ZERO_HASH } from '@essaim/protocol';
import { AbiCoder, keccak256, toUtf8Bytes } from 'ethers';
import { type Terms, TUPLE } from '../jobs/terms.ts';

/** The job that an envelope belongs to, as it is known before it is posted. */
export interface SealedPlace {
  readonly chainId: number;
  /** The job market's address. */
  readonly market: string;
  readonly terms: Terms;
}

/** What is sealed to the job's key, and the job's key sealed to the provider. */
export type Purpose = 'essaim/sealed/1' | 'essaim/sealed-key/1';

/** What every envelope of a job is bound to: chain, market and all of its terms but the digest of what is sealed. */
export function sealingInfo(purpose: Purpose, { chainId, market, terms }: SealedPlace): Uint8Array {
  const place = [chainId, market, { ...terms, inputs: ZERO_HASH }];
  const encoded = AbiCoder.defaultAbiCoder().encode(['uint256', 'address', TUPLE], place);
  return concat([toUtf8Bytes(purpose), fromHex(keccak256(encoded), 32)]);
}
