/**
 * A daemon that gives away a wei whenever it is told to by a line on standard input, and says how that went. Arguments:
 * RPC, folder, key.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { diskWatch, Journal, openLog, Secrets, Sender } from '@essaim/daemon';
import { describeFailure } from '@essaim/sdk/node';
import { JsonRpcProvider, Wallet } from 'ethers';

const [rpc, folder, key] = process.argv.slice(2);
const provider = new JsonRpcProvider(rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
const rules = {
  ...{ maxFee: 10n ** 12n, urgentFee: 10n ** 12n, urgentBefore: 0 },
  ...{ resubmitAfter: 60_000, confirmations: 1_000, interval: 20, patience: 30_000 },
};
const log = openLog({ name: 'giver', level: 'info', secrets: new Secrets() });
const journal = new Journal(join(folder, 'journal.sqlite'));
const sender = new Sender(new Wallet(key, provider), journal, rules);
const room = diskWatch(folder, { set: () => {} });
log.info({ event: 'ready' });
for await (const to of createInterface({ input: process.stdin })) {
  const roomy = await room().then(
    () => true,
    (error) => describeFailure(error).code,
  );
  await sender.deliver({ to, data: '0x', value: 1n, gasLimit: 21_000n }, 'giving a wei').then(
    () => log.info({ event: 'given', to, roomy, open: sender.pending() }),
    (error) => log.info({ event: 'kept', to, roomy, ...describeFailure(error), open: sender.pending() }),
  );
}
journal.close();
provider.destroy();
