import {
  accountFolder,
  folderOf,
  type Identity,
  need,
  readDeploymentFile,
  requireAccount,
  type Secrets,
  whole,
} from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { readDeployment } from '@essaim/sdk';
import type { ProviderOptions, providerTable } from '../options.ts';
import { askToDrain } from './drain.ts';

/** Tells the daemon of an account and a data folder to drain. OPTION_INVALID */
export async function drainProvider(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
  limit?: string,
): Promise<void> {
  const values = need(options, prefix, 'deployment');
  const seconds = limit === undefined ? undefined : whole().safeParse(limit);
  if (seconds && !seconds.success) {
    throw new EssaimError('OPTION_INVALID', `"${limit}" is no whole number of seconds`, {
      help: 'drain, or drain 3600',
    });
  }
  const { address } = await requireAccount(values, secrets);
  const { chainId } = readDeployment(readDeploymentFile(values.deployment));
  await askToDrain(accountFolder(folderOf(values.data), chainId, address), seconds?.data);
  const limited = seconds ? `, or ${seconds.data} seconds have passed` : '';
  console.log(
    `it accepts nothing new from now on, and ends when every claim is final${limited}; \`status\` says when that is`,
  );
}
