import { LogFeed } from '@essaim/sdk/node';
import { expect } from 'chai';
import type { Log, Provider } from 'ethers';

/** Logs of a chain whose blocks can be replaced. */
class Chain {
  logs: Pick<Log, 'blockNumber' | 'blockHash' | 'transactionHash' | 'index'>[] = [];
  fails = false;
  add = (blockNumber: number, blockHash: string) =>
    this.logs.push({ blockNumber, blockHash, transactionHash: '0x01', index: this.logs.length });
  async getLogs({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) {
    if (this.fails) throw new Error('503');
    return this.logs.filter(({ blockNumber }) => blockNumber >= fromBlock && blockNumber <= toBlock);
  }
}

describe('a feed of logs', () => {
  it('gives each log once, and again where a reorganisation moved it', async () => {
    const chain = new Chain();
    const feed = new LogFeed(chain as unknown as Provider, { address: '0x', fromBlock: 0 });
    const read = async (head: number) => (await feed.read(head)).map(({ blockNumber }) => blockNumber);
    chain.add(3, '0xa');
    chain.add(5, '0xb');
    expect(await read(4)).to.deep.equal([3]);
    expect(await read(5)).to.deep.equal([5]);
    expect(await read(6)).to.deep.equal([]);
    chain.logs[1] = { ...chain.logs[1], blockNumber: 6, blockHash: '0xc' };
    expect(await read(7)).to.deep.equal([6]);
  });

  it('makes up for a read that failed', async () => {
    const chain = new Chain();
    const feed = new LogFeed(chain as unknown as Provider, { address: '0x', fromBlock: 0 });
    chain.add(50, '0xa');
    chain.fails = true;
    expect(await feed.read(60).catch(() => 'failed')).to.equal('failed');
    chain.fails = false;
    expect(await feed.read(100)).to.have.length(1);
  });
});
