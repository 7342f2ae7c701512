import type { Secrets } from '../log/secrets.ts';
import type { accountTable } from '../options/common.ts';
import type { ValuesOf } from '../options/option.ts';
import { makeKeystore } from './make-keystore.ts';

/** Makes an encrypted keystore, of a new account or of the one that the options name, and prints its address. */
export async function makeAccount(
  values: ValuesOf<typeof accountTable>,
  secrets: Secrets,
  file: string,
): Promise<void> {
  const address = await makeKeystore(file, values, secrets);
  console.log(`${file} holds the account ${address}. Keep it and its password: nobody can restore them.`);
}
