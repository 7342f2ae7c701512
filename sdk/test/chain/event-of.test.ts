import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventOf } from '@essaim/sdk';
import { expect } from 'chai';
import { Interface, Log } from 'ethers';

const FACE = new Interface([
  'event Submitted(bytes32 indexed batchId, address indexed executor, bytes32 root, uint256 count)',
]);
const COUNT = 10_000;

function logOf(number: number): Log {
  const word = (digit: string) => `0x${(BigInt(`0x${digit.repeat(64)}`) - BigInt(number)).toString(16)}`;
  const executor = `0x${'00'.repeat(12)}${'ab'.repeat(20)}`;
  const { topics, data } = FACE.encodeEventLog('Submitted', [word('e'), `0x${executor.slice(26)}`, word('d'), number]);
  const place = { blockNumber: 1, blockHash: word('c'), transactionHash: word('b'), transactionIndex: 0, index: 0 };
  return new Log({ ...place, address: `0x${'11'.repeat(20)}`, topics, data, removed: false }, null as never);
}

/** Bytes on the heap that are reachable now. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe('what a log says', () => {
  it('is what the interface says of it, by name and by place', () => {
    const log = logOf(7);
    const { args } = FACE.parseLog(log)!;
    expect(eventOf(FACE, log)!.args.toObject()).to.deep.equal(args.toObject());
    expect([...eventOf(FACE, log)!.args]).to.deep.equal([...args]);
    expect(eventOf(FACE, log)!.args.count).to.equal(7n);
  });

  it('can be kept at little more than its characters', () => {
    const kept: unknown[] = [];
    const logs = Array.from({ length: COUNT }, (_, i) => logOf(i));
    for (const log of logs.slice(0, 100)) eventOf(FACE, log);
    const before = heap();
    for (const log of logs) {
      const { batchId, root } = eventOf(FACE, log)!.args;
      kept.push({ batchId, root });
    }
    expect((heap() - before) / COUNT).to.be.below(400);
    expect(kept).to.have.length(COUNT);
    expect(logs).to.have.length(COUNT);
  });
});
