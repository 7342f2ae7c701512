import { abis, type Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { missingContracts } from '../deployed.ts';
import { type Check, type Finding, ok, warning, wrong } from './check.ts';

/** Seconds after which a chain that makes no block is worth a word. */
const OLD = 120;
/** Gas of a few dozen transactions. */
const RESERVE = 20_000_000n;

/** Whether the chain answers, goes on, and is that of the deployment. */
export const chainCheck = (essaim: Essaim): Check => ({
  name: 'chain',
  async run() {
    const began = performance.now();
    const head = await essaim.provider.getBlock('latest');
    const took = Math.round(performance.now() - began);
    if (!head) return wrong('the endpoint has no latest block', 'use another endpoint');
    const age = Math.round(Date.now() / 1000) - head.timestamp;
    const told = `chain ${essaim.deployment.chainId}, block ${head.number}, ${age} s old, answered in ${took} ms`;
    return age > OLD
      ? warning(told, 'a chain in use makes blocks all the time: is the endpoint behind, or this clock ahead?')
      : ok(told);
  },
});

/** Whether every contract of the deployment is there. */
export const contractsCheck = (essaim: Essaim): Check => ({
  name: 'contracts',
  async run() {
    const missing = await missingContracts(essaim);
    return missing.length === 0
      ? ok(`${Object.keys(abis).length} contracts are where the deployment says`)
      : wrong(
          `no code at ${missing.join(', ')}`,
          'use the deployment file of this chain, or an endpoint that is synced',
        );
  },
});

/** Whether the account can pay for gas. */
export const balanceCheck = (essaim: Essaim, address: string): Check => ({
  name: 'account',
  async run(): Promise<Finding> {
    const [balance, { gasPrice }] = await Promise.all([
      essaim.provider.getBalance(address),
      essaim.provider.getFeeData(),
    ]);
    const told = `${address} has ${formatEther(balance)} coin`;
    const wanted = RESERVE * (gasPrice ?? 0n);
    if (balance === 0n) return wrong(told, 'send it some of the chain’s own coin: it pays for gas');
    return balance < wanted
      ? warning(told, `a few dozen transactions cost about ${formatEther(wanted)} at the fee of now: send it more`)
      : ok(told);
  },
});
