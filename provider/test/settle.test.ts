import { ClaimState, type Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { settle } from '../src/settle.ts';
import type { Shop } from '../src/shop.ts';

const JOB = `0x${'12'.repeat(32)}`;

describe('a submitted job', () => {
  /** A shop whose endpoint tells these states of the job's batch, one after the other. */
  function shopWith(...states: bigint[]) {
    const released: string[] = [];
    const contracts = {
      JobMarket: { getAddress: async () => `0x${'34'.repeat(20)}` },
      Claims: {
        state: async () => states.shift(),
        batch: async () => ({ time: 1_000n, epoch: 1n, blockNumber: 7n }),
      },
      Availability: { getEvent: () => ({ fragment: { topicHash: JOB } }) },
      ProtocolParameters: { claimRules: async () => ({ windowSeconds: 600n }) },
    };
    const archive = { release: async (jobId: string) => void released.push(jobId) };
    const provider = {
      getBlockNumber: async () => {
        throw new Error('too many requests');
      },
    };
    const essaim = {
      ...{ contracts, provider, deployment: { startBlock: 0 } },
      signer: { getAddress: async () => `0x${'56'.repeat(20)}` },
    };
    return { shop: { essaim, archive, say: () => {} } as unknown as Shop, released };
  }

  it('is not over where an endpoint that is behind does not have its batch yet: its traces are kept', async () => {
    const { shop, released } = shopWith(ClaimState.None, ClaimState.Pending);
    const error = await settle(shop, JOB, {} as Terms).catch((thrown) => thrown);
    expect(error.code).to.equal('CHAIN_BEHIND');
    expect(released).to.deep.equal([]);
    expect(await settle(shop, JOB, {} as Terms)).to.deep.equal({ ended: false, until: 1_600 });
  });

  it('is neither paid nor forgotten before what its demands owe is fetched', async () => {
    const { shop, released } = shopWith(ClaimState.Final);
    const error = await settle(shop, JOB, {} as Terms).catch((thrown) => thrown);
    expect(error.message).to.equal('too many requests');
    expect(released).to.deep.equal([]);
  });
});
