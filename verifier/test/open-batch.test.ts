import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { openBatch } from '../src/audits/batch.ts';

const JOB = `0x${'12'.repeat(32)}`;
const SUBMITTED = { jobId: JOB, provider: ZeroAddress, batchRoot: JOB, receipt: JOB };

describe('a batch that an auditor may be drawn for', () => {
  it('is not past where an endpoint that is behind does not have it yet', async () => {
    const contracts = {
      JobMarket: { getAddress: async () => `0x${'34'.repeat(20)}` },
      Claims: { submission: async () => [ZeroAddress, 0n, 0n, 0n] },
    };
    const essaim = { contracts, deployment: { startBlock: 0 } } as unknown as Essaim;
    const error = await openBatch(essaim, SUBMITTED).catch((thrown) => thrown);
    expect(error.code).to.equal('CHAIN_BEHIND');
  });
});
