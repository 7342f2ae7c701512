import { abis, DemandStatus } from '@essaim/sdk';
import { expect } from 'chai';
import { Contract, Interface, id, ZeroAddress } from 'ethers';
import { Answerer } from '../src/answerer.ts';
import type { Shop } from '../src/shop.ts';

const PLACE = `0x${'12'.repeat(20)}`;
const SELF = `0x${'34'.repeat(20)}`;
const OTHER = `0x${'56'.repeat(20)}`;
const asked = new Interface(abis.Availability);

/** Answers one question on a chain that says these of its demand, and of who made the batch, one after the other. */
function answererOf(says: { status: bigint; executor: string }[]) {
  const said: string[] = [];
  const { topics, data } = asked.encodeEventLog('Demanded', [
    id('demand'),
    id('batch'),
    OTHER,
    0,
    0,
    0,
    0,
    1,
    1,
    1,
    9,
    9,
  ]);
  const log = { address: PLACE, topics, data, blockNumber: 5, blockHash: id('5'), transactionHash: id('tx'), index: 0 };
  const provider = {
    getBlockNumber: async () => 6,
    getBlock: async (number: number) => ({ number, hash: id(`${number}`), timestamp: 1 }),
    getLogs: async () => [log],
  };
  const [demand, batch] = [async () => says[0], async () => ({ executor: says.shift()!.executor, client: PLACE })];
  const contracts = {
    Availability: Object.assign(new Contract(PLACE, asked), { demand }),
    Claims: { batch },
    JobMarket: { getAddress: async () => OTHER },
  };
  const essaim = {
    ...{ provider, contracts, deployment: { startBlock: 0 }, pollingInterval: 0 },
    signer: { getAddress: async () => SELF },
  };
  const say = ({ event, code }: { event: string; code?: string }) => said.push(`${event} ${code}`);
  return { answerer: new Answerer({ essaim, say } as unknown as Shop), said };
}

describe('a demand', () => {
  const open = { status: DemandStatus.Open, executor: OTHER };

  it('is not over where an endpoint that is behind does not have it yet, nor its batch', async () => {
    for (const old of [
      { ...open, status: DemandStatus.None },
      { ...open, executor: ZeroAddress },
    ]) {
      const { answerer, said } = answererOf([old, open]);
      await answerer.cycle();
      expect(said).to.deep.equal(['answer-delayed CHAIN_BEHIND']);
      expect(answerer.isAsked).to.equal(true);
    }
  });

  it('is over where it is answered, and not ours where another made the batch', async () => {
    for (const say of [{ ...open, status: DemandStatus.Answered }, open]) {
      const { answerer, said } = answererOf([say]);
      await answerer.cycle();
      expect([said, answerer.isAsked]).to.deep.equal([[], false]);
    }
  });
});
