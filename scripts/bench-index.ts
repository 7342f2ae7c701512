/**
 * How fast the local stack's indexer is: a live transaction until its entity can be queried, and 5,000 events that
 * were there before it started, its own start and that of its database included. npm run bench:index
 */
import { type Deployment, Essaim, pause } from '@essaim/sdk';
import { JsonRpcProvider, parseEther } from 'ethers';
import { accounts } from './demo/accounts.ts';
import { assertFigure } from './figures.ts';
import { deployProtocol } from './lib/deploy.ts';
import { localHands } from './lib/genesis.ts';
import { Stack } from './stack/stack.ts';
import { buildSubgraph } from './subgraph/build.ts';

const EVENTS = 5_000;
/** Transactions sent between two blocks. */
const AT_ONCE = 100;
const LIVE = 11;
const COMMAND = 'npm run bench:index';

buildSubgraph();
const stack = await Stack.open();
const chain = new JsonRpcProvider(stack.rpc, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
try {
  const { founder } = accounts(chain);
  const deployment = await deployProtocol(founder, localHands(founder.address));
  const essaim = await Essaim.connect({ rpc: stack.rpc, deployment, storage: stack.storage, signer: () => founder });
  const events = await makeEvents(essaim, deployment);

  const began = performance.now();
  const { url } = await stack.index(deployment);
  const ask = async (query: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: `{ ${query} }` }) });
    return ((await response.json()) as { data: { _meta: { block: { number: number } }; transfer: unknown } }).data;
  };
  const head = await chain.getBlockNumber();
  while ((await ask('_meta { block { number } }'))._meta.block.number < head) await pause(10);
  const seconds = (performance.now() - began) / 1000;
  console.log(`${events} events, from a start with nothing, in ${seconds.toFixed(1)} s`);
  const times: number[] = [];
  for (let i = 0; i < LIVE; i++) {
    const sent = performance.now();
    const { hash } = await essaim.contracts.MielToken.transfer(essaim.deployment.addresses.Claims, 1n + BigInt(i));
    const of = `transfers(where: { transaction: "${hash}" }) { id }`;
    while (((await ask(of)) as unknown as { transfers: unknown[] }).transfers.length === 0) await pause(10);
    times.push((performance.now() - sent) / 1000);
  }
  times.sort((a, b) => a - b);
  const median = times[(LIVE - 1) / 2];
  console.log(
    `a live transaction is visible after ${median.toFixed(2)} s (median of ${LIVE}, at most ${times.at(-1)?.toFixed(2)} s)`,
  );
  assertFigure('time.index.5000', {
    value: (seconds * EVENTS) / events,
    unit: 's',
    aim: { atMost: 30 },
    command: COMMAND,
  });
  assertFigure('time.index.live', { value: median, unit: 's', aim: { atMost: 1 }, command: COMMAND });
  essaim.close();
} finally {
  chain.destroy();
  await stack.close();
}

/** Stakes and transfers until there are so many events; returns how many there are. */
async function makeEvents({ contracts }: Essaim, deployment: Deployment): Promise<number> {
  const { MielToken, StakeManager } = contracts;
  await (await MielToken.approve(await StakeManager.getAddress(), parseEther('1000000'))).wait();
  const { founder } = accounts(chain);
  let nonce = await founder.getNonce();
  await chain.send('evm_setAutomine', [false]);
  let count = 0;
  while (count < EVENTS) {
    for (let i = 0; i < AT_ONCE; i++) {
      const overrides = { nonce: nonce++, gasLimit: 250_000n };
      if (i % 2 === 0) await StakeManager.stake(parseEther('1'), overrides);
      else await MielToken.transfer(deployment.addresses.JobMarket, 1n, overrides);
    }
    await chain.send('hardhat_mine', ['0x1']);
    count = (await chain.getLogs({ fromBlock: 0, toBlock: 'latest' })).length;
  }
  await chain.send('evm_setAutomine', [true]);
  return count;
}
