import { ClaimState } from '@essaim/sdk';
import { expect } from 'chai';
import type { Desk } from '../src/case.ts';
import { collect } from '../src/convict.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;

/** Collects the slash of a batch of which an endpoint tells these states, one after the other; what was taken. */
function collecting(...states: bigint[]) {
  const args = { amount: 9n, bounty: 2n, compensation: 3n };
  const contracts = {
    Claims: { state: async () => states.shift(), batch: async () => ({ blockNumber: 7n }) },
    Penalties: { collected: async () => false },
    StakeManager: { interface: { parseLog: () => ({ name: 'Slashed', args }) } },
    Availability: { getAddress: async () => SELF, getEvent: () => ({ fragment: { topicHash: ID } }) },
  };
  const deliver = async () => ({ status: 1, logs: [{}] });
  const provider = { getBlockNumber: async () => 8, getLogs: async () => [] };
  const signer = { getAddress: async () => SELF, provider, deliver };
  const essaim = { contracts, provider, signer, deployment: { startBlock: 0 }, pollingInterval: 1 };
  const punish = async () => ({ gasLimit: 1n });
  return collect({ essaim } as unknown as Desk, { batchId: ID, punish } as never);
}

describe('the slash of a batch that one convicted', () => {
  it('is taken once an endpoint that is behind knows of the conviction', async () => {
    const taken = { slashed: '9', bounty: '2', compensation: '3' };
    expect(await collecting(ClaimState.None, ClaimState.Pending, ClaimState.Rejected)).to.deep.equal(taken);
  });

  it('is not waited for where the batch stood after all', async () => {
    const nothing = { slashed: '0', bounty: '0', compensation: '0' };
    expect(await collecting(ClaimState.Pending, ClaimState.Final)).to.deep.equal(nothing);
  });
});
