import { writeFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { Wallet } from 'ethers';
import type { Secrets } from '../log/secrets.ts';
import { type AccountOptions, openAccount } from './account.ts';

/**
 * Writes an encrypted keystore, of the key that the options name or of a new one, and returns its address.
 * KEYSTORE_PASSWORD, KEYSTORE_EXISTS, and what `openAccount` throws
 */
export async function makeKeystore(
  file: string,
  { password, key, keyCommand }: AccountOptions,
  secrets: Secrets,
): Promise<string> {
  if (!password) {
    throw new EssaimError('KEYSTORE_PASSWORD', 'a keystore needs a password', { help: 'give --password-file FILE' });
  }
  const account = (await openAccount({ key, keyCommand }, secrets)) ?? Wallet.createRandom();
  secrets.add(account.privateKey);
  try {
    writeFileSync(file, await account.encrypt(password), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new EssaimError('KEYSTORE_EXISTS', `${file} cannot be written, or is there already`, {
      help: 'name another file: a keystore is never overwritten',
      cause,
    });
  }
  return account.address;
}
