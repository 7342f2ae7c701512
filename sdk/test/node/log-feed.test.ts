import { LogFeed } from '@essaim/sdk/node';
import { expect } from 'chai';
import type { Log, Provider } from 'ethers';

/** Logs of a chain whose blocks can be replaced. */
class Chain {
  logs: Pick<Log, 'blockNumber' | 'blockHash' | 'transactionHash' | 'index'>[] = [];
  fails = false;
  /** The first block of a branch, which all above it belong to. */
  fork = Number.POSITIVE_INFINITY;
  /** The newest block of the node that answers. */
  newest = Number.POSITIVE_INFINITY;
  getBlock = async (number: number) =>
    number > this.newest ? null : { number, hash: number >= this.fork ? `b${number}` : `a${number}` };
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

  it('gives what a deep reorganisation brought, and reads no more again than it has to', async () => {
    const chain = new Chain();
    const feed = new LogFeed(chain as unknown as Provider, { address: '0x', fromBlock: 0 });
    chain.add(10, '0xa');
    chain.add(150, '0xb');
    for (let head = 0; head <= 200; head += 5) await feed.read(head);
    expect(await feed.read(201)).to.have.length(0);
    chain.fork = 90;
    chain.logs.pop();
    chain.add(100, '0xc');
    const found = await feed.read(220);
    expect(found.map(({ blockNumber }) => blockNumber)).to.deep.equal([100]);
    expect(await feed.read(240)).to.have.length(0);
  });

  it('gives nothing again where a node that is behind does not have what was read yet', async () => {
    const chain = new Chain();
    const feed = new LogFeed(chain as unknown as Provider, { address: '0x', fromBlock: 0 });
    chain.add(165, '0xa');
    chain.add(198, '0xb');
    for (let head = 0; head <= 200; head += 5) await feed.read(head);
    chain.newest = 190;
    expect(await feed.read(190)).to.have.length(0);
    chain.newest = Number.POSITIVE_INFINITY;
    expect(await feed.read(220)).to.have.length(0);
    chain.fork = 195;
    chain.logs[1] = { ...chain.logs[1], blockHash: '0xc' };
    expect((await feed.read(240)).map(({ blockHash }) => blockHash)).to.include('0xc');
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
