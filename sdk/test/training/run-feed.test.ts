import { type RunTerms, ZERO_HASH } from '@essaim/protocol';
import { abis } from '@essaim/sdk';
import { expect } from 'chai';
import { Contract, Interface, id, ZeroAddress } from 'ethers';
import type { TrainingContext } from '../../src/training/context.ts';
import { RunFeed } from '../../src/training/run-feed.ts';

const REGISTRY = `0x${'12'.repeat(20)}`;
const RUN = id('run');
const CREATED = 5;
const events = new Interface(abis.TrainingRegistry);
const terms = { seats: 1, rounds: 9, checkpoint: id('first'), scoreProgramId: ZERO_HASH } as RunTerms;

interface Told {
  readonly blockNumber: number;
  readonly blockHash: string;
}

/** A chain behind an address at which nodes answer that are not at the same block. */
class Nodes {
  head = CREATED;
  /** The node that is asked for logs has the blocks up to this one, and says nothing of the others. */
  logsTo = Number.POSITIVE_INFINITY;
  /** The node that is asked for a block by its number has those up to this one. */
  blocksTo = Number.POSITIVE_INFINITY;
  /** The first block of a branch, which all above it belong to. */
  fork = Number.POSITIVE_INFINITY;
  logs: Told[] = [];

  /** Has round `round` be submitted in a block. */
  submit(round: number, blockNumber: number, checkpoint: string): void {
    const place = BigInt(round) | (BigInt(round + 1) << 24n) | (2n << 88n);
    const encoded = events.encodeEventLog('Submitted', [RUN, ZeroAddress, place, id(checkpoint), id('receipt')]);
    const log = { ...encoded, blockNumber, blockHash: this.#hash(blockNumber), transactionHash: id(checkpoint) };
    this.logs.push(Object.assign(log, { address: REGISTRY, index: 0 }));
  }

  feed(): RunFeed {
    const provider = {
      getBlock: async (tag: number | 'latest') => {
        const number = tag === 'latest' ? this.head : tag;
        if (tag !== 'latest' && number > Math.min(this.head, this.blocksTo)) return null;
        return { number, hash: this.#hash(number) };
      },
      getLogs: async ({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) =>
        this.logs.filter(
          ({ blockNumber }) => blockNumber >= fromBlock && blockNumber <= Math.min(toBlock, this.logsTo),
        ),
    };
    const contracts = { TrainingRegistry: new Contract(REGISTRY, events) };
    const context = { provider, contracts } as unknown as TrainingContext;
    return new RunFeed(context, RUN, { terms, blockNumber: CREATED });
  }

  #hash(number: number): string {
    return id(`${number >= this.fork ? 'other' : 'first'} ${number}`);
  }
}

describe('the feed of a run', () => {
  /** Checkpoints of what was submitted, and the round that the run is at. */
  const told = async (feed: RunFeed, named: readonly string[]) => {
    const { batches, current } = await feed.read();
    return [batches.map(({ batch }) => named.find((name) => id(name) === batch.checkpoint)), current.round];
  };
  const names = ['a', 'b', 'c', 'other b'];

  /** A feed that has read the first of two rounds. */
  async function begun() {
    const nodes = new Nodes();
    const feed = nodes.feed();
    nodes.submit(0, 10, 'a');
    nodes.head = 12;
    expect(await told(feed, names)).to.deep.equal([['a'], 1]);
    nodes.submit(1, 18, 'b');
    nodes.head = 20;
    return { nodes, feed };
  }

  it('takes in each event once, though it reads some blocks again', async () => {
    const { nodes, feed } = await begun();
    for (; nodes.head < 60; nodes.head += 3) expect(await told(feed, names)).to.deep.equal([['a', 'b'], 2]);
  });

  it('makes up for events that a node which is behind left out and said nothing of', async () => {
    const { nodes, feed } = await begun();
    nodes.logsTo = 15;
    expect(await told(feed, names)).to.deep.equal([['a'], 1]);
    nodes.logsTo = Number.POSITIVE_INFINITY;
    nodes.head = 21;
    expect(await told(feed, names)).to.deep.equal([['a', 'b'], 2]);
  });

  it('takes them in where they belong: before what came after them', async () => {
    const { nodes, feed } = await begun();
    nodes.logsTo = 15;
    await feed.read();
    nodes.logsTo = Number.POSITIVE_INFINITY;
    nodes.submit(2, 22, 'c');
    nodes.head = 23;
    expect(await told(feed, names)).to.deep.equal([['a', 'b', 'c'], 3]);
  });

  it('forgets nothing where a node does not have the last block that was read', async () => {
    const { nodes, feed } = await begun();
    await feed.read();
    [nodes.blocksTo, nodes.logsTo, nodes.head] = [15, 15, 21];
    expect(await told(feed, names)).to.deep.equal([['a', 'b'], 2]);
  });

  it('reads everything again where the chain replaced what was read', async () => {
    const { nodes, feed } = await begun();
    await feed.read();
    nodes.fork = 15;
    nodes.logs.pop();
    nodes.submit(1, 19, 'other b');
    nodes.head = 21;
    expect(await told(feed, names)).to.deep.equal([['a', 'other b'], 2]);
  });

  it('does so too where a node lacked the last block meanwhile, and nothing took the place of an event', async () => {
    const { nodes, feed } = await begun();
    await feed.read();
    nodes.fork = 15;
    nodes.logs.pop();
    [nodes.blocksTo, nodes.head] = [15, 21];
    await feed.read();
    [nodes.blocksTo, nodes.head] = [Number.POSITIVE_INFINITY, 22];
    expect(await told(feed, names)).to.deep.equal([['a'], 1]);
  });
});
