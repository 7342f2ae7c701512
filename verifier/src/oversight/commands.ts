import {
  accountFolder,
  folderOf,
  type Identity,
  need,
  readDeploymentFile,
  requireAccount,
  type Secrets,
} from '@essaim/daemon';
import { readDeployment } from '@essaim/sdk';
import type { VerifierSettings, verifierTable } from '../options.ts';
import { type Action, Queue } from './queue.ts';

/** Does something with the queue of the account that the options name, and prints the actions that it gives. */
export async function withQueue(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
  work: (queue: Queue) => Action[],
): Promise<void> {
  const values = need(options, prefix, 'deployment');
  const { address } = await requireAccount(values, secrets);
  const { chainId } = readDeployment(readDeploymentFile(values.deployment));
  const queue = new Queue(accountFolder(folderOf(values.data), chainId, address));
  try {
    const actions = work(queue);
    for (const { id, answer, kind, why } of actions)
      console.log(`${id}  ${answer.padEnd(8)}  ${kind.padEnd(8)}  ${why}`);
    if (actions.length === 0) console.log('nothing waits');
  } finally {
    queue.close();
  }
}
