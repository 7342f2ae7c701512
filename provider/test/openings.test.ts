import { abis, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { Contract, Interface, id, ZeroAddress } from 'ethers';
import { Openings } from '../src/openings.ts';

const MARKET = `0x${'12'.repeat(20)}`;
const SELF = `0x${'34'.repeat(20)}`;
const events = new Interface(abis.JobMarket);
const HEAD = { number: 20, timestamp: 1_000 };

/** What a market's events tell of jobs: when each was posted and is due, and whether this account has it. */
function market(...jobs: { name: string; deadline: number; isHeld?: boolean }[]) {
  const log = (blockNumber: number, name: string, args: unknown[]) => {
    const { topics, data } = events.encodeEventLog(name, args);
    return { address: MARKET, topics, data, blockNumber, blockHash: id(`${blockNumber}`), transactionHash: id(name) };
  };
  const logs = jobs.flatMap(({ name, deadline, isHeld }, i) => {
    const nothing = id('nothing');
    const terms = [ZeroAddress, MARKET, deadline, 1, 0, 1, 0, 1, nothing, nothing, nothing, 0, false];
    const posted = log(2 + i, 'Posted', [id(name), MARKET, ...terms]);
    return isHeld ? [posted, log(12 + i, 'Accepted', [id(name), SELF, 0])] : [posted];
  });
  const state = { fails: false };
  const provider = {
    getBlock: async (number: number) => ({ number, hash: id(`${number}`) }),
    async getLogs({ topics: [names] }: { topics: [string[]] }) {
      if (state.fails && names.includes(events.getEvent('Posted')!.topicHash)) throw new Error('too many requests');
      return logs.filter(({ topics }) => names.includes(topics[0])).map((found, index) => ({ ...found, index }));
    },
  };
  const contracts = { JobMarket: new Contract(MARKET, events) };
  return { state, essaim: { provider, contracts, deployment: { startBlock: 0 } } as unknown as Essaim };
}

describe('the jobs that a start finds', () => {
  const past = { name: 'past', deadline: 500 };
  const own = { name: 'own', deadline: 500, isHeld: true };
  const open = { name: 'open', deadline: 2_000 };
  const namesOf = (found: readonly { jobId: string }[]) =>
    found.map(({ jobId }) => [past, own, open].find(({ name }) => id(name) === jobId)?.name);

  it('are those that can be taken, and one’s own that are past their deadline and not paid', async () => {
    const { essaim } = market(past, own, open);
    expect(namesOf(await new Openings(essaim, SELF).read(HEAD))).to.deep.equal(['own', 'open']);
  });

  it('are the same where the endpoint failed at first', async () => {
    const { essaim, state } = market(past, own, open);
    const openings = new Openings(essaim, SELF);
    state.fails = true;
    await openings.read(HEAD).catch(() => {});
    state.fails = false;
    expect(namesOf(await openings.read(HEAD))).to.deep.equal(['own', 'open']);
  });
});
