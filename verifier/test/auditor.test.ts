import { setImmediate } from 'node:timers/promises';
import { ClaimState } from '@essaim/sdk';
import { expect } from 'chai';
import type { AuditDesk } from '../src/audits/desk.ts';
import { Auditor } from '../src/index.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;
const EXPIRED = 2n;

/** A chain of one job that was submitted, whose draw expired; its batch is rejected in block 10. */
class Chain {
  /** The newest block that the endpoint told of, and that of the node that answers now. */
  told = 5;
  known = 5;
  /** The states that were read. */
  readonly read: bigint[] = [];
  readonly said: (string | undefined)[] = [];

  desk(): AuditDesk {
    const named = (name: string, parsed?: object) => ({
      getAddress: async () => SELF,
      getEvent: (event: string) => ({ fragment: { topicHash: `${name} ${event}` } }),
      interface: { parseLog: () => parsed },
    });
    const posted = { args: [ID, 1n], fragment: { inputs: [{ name: 'jobId' }, { name: 'count' }] } };
    const provider = {
      getBlock: async () => ({ number: this.told, timestamp: this.told, hash: ID }),
      getBlockNumber: async () => this.known,
      getLogs: async ({ topics, fromBlock, toBlock }: { topics: string[]; fromBlock: number; toBlock: number }) =>
        Object.entries({ 'JobMarket Posted': 1, 'JobMarket Submitted': 2, 'Claims Rejected': 10 })
          .filter(([event, block]) => topics[0] === event && !(block < fromBlock) && !(block > toBlock))
          .map(([event, blockNumber]) => ({ blockNumber, blockHash: ID, index: 0, ...of(event) })),
    };
    const of = (event: string) => ({ transactionHash: event, topics: [event, this.#batchId] });
    const state = async () => {
      this.read.push(this.known < 10 ? ClaimState.Pending : ClaimState.Rejected);
      return this.read.at(-1);
    };
    const contracts = {
      JobMarket: { ...named('JobMarket', posted), runner: { provider } },
      AuditPool: named('AuditPool'),
      Claims: {
        ...named('Claims'),
        submission: async (batchId: string) => {
          this.#batchId = batchId;
          return [SELF, 2n, 2n, 1n];
        },
        state,
        conviction: async () => ({ challenger: SELF }),
      },
      BlockRandomness: { roundFor: async () => 3n, status: async () => EXPIRED },
      ProtocolParameters: {
        epoch: async () => 1n,
        claimRules: async () => ({ windowSeconds: 4_000n, windowBlocks: 4_000n }),
        auditRules: async () => ({ leaves: 1n }),
      },
    };
    const audits = { seat: async () => null };
    const signer = { getAddress: async () => SELF };
    const essaim = { contracts, provider, signer, audits, deployment: { startBlock: 0 }, pollingInterval: 0 };
    return { essaim, say: ({ code }: { code?: string }) => this.said.push(code) } as unknown as AuditDesk;
  }

  #batchId = '';
}

describe('an auditor of a batch that was rejected', () => {
  it('looks at it again where the endpoint fails, or is behind, as it hears of that', async () => {
    const chain = new Chain();
    const auditor = new Auditor(chain.desk());
    const cycle = async () => {
      await auditor.cycle();
      // what it begins is not waited for, and nothing of it leaves this process
      await setImmediate();
    };
    await cycle();
    await cycle();
    expect(chain.read).to.deep.equal([ClaimState.Pending]);
    [chain.told, chain.known] = [10, 9];
    await cycle();
    expect(chain.said).to.deep.equal(['CHAIN_BEHIND']);
    chain.known = 10;
    await cycle();
    await cycle();
    expect(chain.read).to.deep.equal([ClaimState.Pending, ClaimState.Pending, ClaimState.Rejected]);
  });
});
