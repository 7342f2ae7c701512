import { DemandStatus } from '@essaim/sdk';
import { expect } from 'chai';
import type { Desk } from '../src/case.ts';
import { demand } from '../src/demand.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;

describe('a demand that was just posted', () => {
  it('is not ended where an endpoint that is behind does not have it yet', async () => {
    const statuses = [DemandStatus.None, DemandStatus.None, DemandStatus.None, DemandStatus.Answered];
    const sent: string[] = [];
    const call = (data: string) => ({ populateTransaction: async () => ({ data, gasLimit: 1n }) });
    const contracts = {
      Claims: { batch: async () => ({ time: 1n, epoch: 1n }) },
      ProtocolParameters: { claimRules: async () => ({ windowSeconds: 600n }) },
      Availability: {
        getAddress: async () => SELF,
        getEvent: () => ({ fragment: { topicHash: ID } }),
        getFunction: () => ({ fragment: { selector: '0x12345678' } }),
        demand: async () => ({ status: statuses.shift(), endsAt: 0n, endsAtBlock: 0n }),
        bondFor: async () => 1n,
        demandClaim: call('demand'),
        expire: call('expire'),
      },
    };
    const provider = { getBlock: async () => ({ number: 9, timestamp: 9 }), getLogs: async () => [] };
    const deliver = async ({ data }: { data: string }) => {
      sent.push(data);
      return { status: 1, logs: [] };
    };
    const signer = { getAddress: async () => SELF, provider, deliver };
    const essaim = { contracts, provider, signer, deployment: { startBlock: 0 }, pollingInterval: 1 };
    const desk = { essaim, say: () => {} } as unknown as Desk;
    const ask = { leaf: 0, kind: 'values', index: 0, first: 0, count: 1 } as const;
    await demand(desk, { told: { jobId: ID, provider: SELF }, batchId: ID }, ask, null).catch(() => undefined);
    expect(statuses).to.deep.equal([]);
    expect(sent).to.deep.equal(['demand']);
  });
});
