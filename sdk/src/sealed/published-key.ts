import { concat, EssaimError, fromHex, toHex } from '@essaim/protocol';
import { KEY_BYTES } from '@essaim/storage';
import { recoverAddress, type Signer, TypedDataEncoder } from 'ethers';

/** Name of the metadata of an agent of ERC-8004 that holds its operator's key: 32 bytes, and the operator's signature. */
export const SEALING_METADATA = 'essaim.sealing';

const TYPES = {
  SealingKey: [
    { name: 'account', type: 'address' },
    { name: 'publicKey', type: 'bytes32' },
  ],
};

/** Chain and registry that a published key is bound to. */
export interface KeyPlace {
  readonly chainId: number;
  /** The identity registry's address. */
  readonly registry: string;
}

const domainOf = ({ chainId, registry }: KeyPlace) => ({
  ...{ name: 'Essaim', version: '1', chainId },
  verifyingContract: registry,
});

/** The entry by which an account says that things for it are sealed to this key. */
export async function signKey(signer: Signer, place: KeyPlace, publicKey: Uint8Array): Promise<Uint8Array> {
  const account = await signer.getAddress();
  const signature = await signer.signTypedData(domainOf(place), TYPES, { account, publicKey: toHex(publicKey) });
  return concat([publicKey, fromHex(signature, 65)]);
}

/** The key in an entry that this account itself signed. SEALING_KEY_FORGED: whoever manages the agent put it there. */
export function signedKey(account: string, place: KeyPlace, entry: Uint8Array): Uint8Array {
  const publicKey = entry.slice(0, KEY_BYTES);
  try {
    const digest = TypedDataEncoder.hash(domainOf(place), TYPES, { account, publicKey: toHex(publicKey) });
    if (recoverAddress(digest, toHex(entry.subarray(KEY_BYTES))) === account) return publicKey;
  } catch {
    // no signature at all
  }
  throw new EssaimError('SEALING_KEY_FORGED', `the sealing key published for ${account} is not signed by it`, {
    help: 'do not seal anything to it; its operator has to publish its key again',
    details: { account },
  });
}
