/**
 * A daemon with one thing to do: somebody has to have one wei. Whether that is so it reads from the chain alone. It may
 * be told to be killed at a state of its transaction. Arguments: RPC, journal, key, recipient, state or "none".
 */
import { Journal, Sender } from '@essaim/daemon';
import { JsonRpcProvider, Wallet } from 'ethers';

const [rpc, file, key, recipient, deadly] = process.argv.slice(2);
const provider = new JsonRpcProvider(rpc, 31337, { staticNetwork: true, cacheTimeout: -1 });
const rules = {
  ...{ maxFee: 10n ** 12n, urgentFee: 10n ** 12n, urgentBefore: 0 },
  ...{ resubmitAfter: 300, confirmations: 3, interval: 20, patience: 30_000 },
};
const journal = new Journal(file);
const sender = new Sender(
  new Wallet(key, provider),
  journal,
  rules,
  ({ event }) => console.log(JSON.stringify({ event })),
  (state) => {
    console.log(JSON.stringify({ state }));
    if (state === deadly) process.kill(process.pid, 'SIGKILL');
  },
);
console.log(JSON.stringify({ open: journal.open().length }));
if ((await provider.getBalance(recipient)) === 0n) {
  await sender.deliver({ to: recipient, data: '0x', value: 1n, gasLimit: 21_000n }, 'giving a wei');
}
while (journal.open().length + journal.shallow().length > 0) {
  await sender.tend();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(JSON.stringify({ done: true }));
journal.close();
provider.destroy();
