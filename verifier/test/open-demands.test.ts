import { DemandStatus, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { type Block, ZeroAddress } from 'ethers';
import { OpenDemands } from '../src/monitor/demands.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;

describe('a demand of which nobody was told that it is open', () => {
  it('rings although the endpoint did not have the batch at first', async () => {
    const executors = [ZeroAddress, SELF];
    const args = { demandId: ID, batchId: ID, demander: SELF, leaf: 0n, kind: 0n, index: 0n, first: 0n, count: 1n };
    const contracts = {
      Claims: { batch: async () => ({ executor: executors.shift() }) },
      Availability: {
        getAddress: async () => SELF,
        getEvent: () => ({ fragment: { topicHash: ID } }),
        interface: { parseLog: () => ({ args }) },
        demand: async () => ({ status: DemandStatus.Open, endsAt: 100n }),
      },
    };
    const log = { blockNumber: 1, blockHash: ID, transactionHash: ID, index: 0 };
    const provider = { getBlock: async () => ({ hash: ID }), getLogs: async () => [log] };
    const essaim = { contracts, provider, deployment: { startBlock: 0 } } as unknown as Essaim;
    const demands = new OpenDemands(essaim, 10, [SELF]);
    const head = { number: 2, timestamp: 95 } as Block;
    expect(await demands.look(head)).to.have.length(0);
    expect((await demands.look(head)).map(({ about }) => about)).to.deep.equal([ID]);
  });
});
