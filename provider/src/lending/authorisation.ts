import { EssaimError } from '@essaim/protocol';
import { getAddress, type Signer, sha256, TypedDataEncoder, type TypedDataField, verifyTypedData } from 'ethers';

/**
 * What a person's wallet signs, once: that this key may earn for `payee` with this sponsor, until then, and no more than so
 * much. Whoever steals the key can do no more than work for the payee.
 */
export interface Authorisation {
  readonly sponsor: string;
  /** The account that signs, and that is paid. */
  readonly payee: string;
  readonly token: string;
  /** sha256 of the session key's public key, uncompressed. */
  readonly key: string;
  /** Most that it may earn, in the token's smallest unit. */
  readonly maximum: bigint;
  /** Second at which it ends. */
  readonly until: number;
}

/** Where an authorisation counts: the chain, and the contract that pays. */
export interface Place {
  readonly chainId: number;
  readonly vouchers: string;
}

const TYPES: Record<string, TypedDataField[]> = {
  Lend: [
    { name: 'sponsor', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'key', type: 'bytes32' },
    { name: 'maximum', type: 'uint256' },
    { name: 'until', type: 'uint64' },
  ],
};

const domainOf = ({ chainId, vouchers }: Place) => ({
  name: 'EssaimLending',
  version: '1',
  chainId,
  verifyingContract: vouchers,
});

/** How an authorisation names a public key. */
export const keyName = (publicKey: Uint8Array): string => sha256(publicKey);

/** What names an authorisation itself. */
export const authorisationDigest = (place: Place, authorisation: Authorisation): string =>
  TypedDataEncoder.hash(domainOf(place), TYPES, authorisation);

/** Has the payee's wallet sign. What the wallet says when it refuses is thrown as it is. */
export const signAuthorisation = (signer: Signer, place: Place, authorisation: Authorisation): Promise<string> =>
  signer.signTypedData(domainOf(place), TYPES, { ...authorisation });

/** LENDING_UNAUTHORISED unless the payee signed this. */
export function checkAuthorisation(place: Place, authorisation: Authorisation, signature: string): void {
  try {
    const signed = verifyTypedData(domainOf(place), TYPES, { ...authorisation }, signature);
    if (signed === getAddress(authorisation.payee)) return;
  } catch {}
  throw new EssaimError('LENDING_UNAUTHORISED', `${authorisation.payee} did not sign this authorisation`, {
    help: 'have the account sign that is to be paid; contracts that hold tokens cannot lend a tab yet',
  });
}
