import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { CaseBudget } from '../src/case-budget.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;

describe('what a case has cost', () => {
  it('counts a fee as soon as the endpoint has its receipt', async () => {
    const receipts = [null, { fee: 7n }];
    const provider = {
      getLogs: async () => [{ transactionHash: ID }],
      getTransactionReceipt: async () => receipts.shift(),
    };
    const Availability = {
      getAddress: async () => SELF,
      getEvent: () => ({ fragment: { topicHash: ID } }),
      interface: { parseLog: () => ({ args: { bond: 5n } }) },
    };
    const essaim = { contracts: { Availability }, provider, deployment: { startBlock: 0 } };
    const budget = new CaseBudget(essaim as unknown as Essaim, SELF, 100n);
    expect(await budget.spent(ID)).to.deep.equal({ gas: 0n, bonds: 5n });
    expect(await budget.spent(ID)).to.deep.equal({ gas: 7n, bonds: 5n });
    expect(await budget.spent(ID)).to.deep.equal({ gas: 7n, bonds: 5n });
  });
});
