import { DemandStatus } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { AuditAnswers } from '../src/audits/answers.ts';
import type { AuditDesk } from '../src/audits/desk.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;
const POOL = `0x${'56'.repeat(20)}`;

/** Looks at a demand as often as an endpoint tells something of it; what was said. */
async function looks(demands: readonly { executor: string; status: bigint }[]) {
  const told = [...demands];
  const said: string[] = [];
  const args = { demandId: ID, batchId: ID, demander: SELF, leaf: 0n, kind: 0n, index: 0n, first: 0n, count: 1n };
  const log = { blockNumber: 1, blockHash: ID, transactionHash: ID, index: 0 };
  const contracts = {
    AuditPool: { getAddress: async () => POOL },
    Claims: { batch: async () => ({ executor: told[0].executor, client: POOL }) },
    Availability: {
      getAddress: async () => POOL,
      getEvent: () => ({ fragment: { topicHash: ID } }),
      interface: { parseLog: () => ({ args }) },
      demand: async () => ({ status: told[0].status }),
    },
  };
  const provider = { getBlockNumber: async () => 2, getBlock: async () => ({ hash: ID }), getLogs: async () => [log] };
  const signer = { getAddress: async () => SELF };
  const essaim = { contracts, provider, signer, deployment: { startBlock: 0 }, pollingInterval: 0 };
  const say = ({ code }: { code: string }) => said.push(code);
  const answers = new AuditAnswers({ essaim, say } as unknown as AuditDesk);
  for (; told.length > 0; told.shift()) await answers.cycle();
  return said;
}

describe('a demand on an audit of one’s own', () => {
  const settled = { executor: SELF, status: DemandStatus.Settled };

  it('is looked at again where an endpoint that is behind does not have it, or the audit, yet', async () => {
    const unknown = { executor: SELF, status: DemandStatus.None };
    const missing = { executor: ZeroAddress, status: DemandStatus.None };
    expect(await looks([missing, unknown, settled])).to.deep.equal(['CHAIN_BEHIND', 'CHAIN_BEHIND']);
  });

  it('is no more looked at once it is over', async () => {
    expect(await looks([settled, { executor: SELF, status: DemandStatus.None }])).to.deep.equal([]);
  });
});
