import { EssaimError } from '@essaim/protocol';
import { JobState, type Terms } from '@essaim/sdk';
import { expect } from 'chai';
import type { Shop } from '../src/shop.ts';
import { acceptJob } from '../src/take.ts';

const JOB = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;
const OTHER = `0x${'56'.repeat(20)}`;

/** Tries to accept a job that the market says is past it; what came of it, and what was said. */
async function accepted(state: bigint, provider: string) {
  const said: string[] = [];
  const populateTransaction = async () => {
    throw new EssaimError('JobMarket_State', 'it is not posted', { help: 'look again' });
  };
  const contracts = { JobMarket: { accept: { populateTransaction }, job: async () => ({ state, provider }) } };
  const essaim = { contracts, signer: { getAddress: async () => SELF } };
  const shop = { essaim, say: ({ event }: { event: string }) => said.push(event) } as unknown as Shop;
  return { taken: await acceptJob(shop, JOB, {} as Terms).catch(({ code }) => code), said };
}

describe('a job that cannot be accepted any more', () => {
  it('is one’s own where one has it already, however far it is', async () => {
    for (const state of [JobState.Accepted, JobState.Submitted, JobState.Released])
      expect(await accepted(state, SELF)).to.deep.equal({ taken: { isOwn: true }, said: [] });
  });

  it('is lost where another has it', async () => {
    expect(await accepted(JobState.Accepted, OTHER)).to.deep.equal({ taken: { isOwn: false }, said: ['lost'] });
  });

  it('is tried again where the endpoint says that it is posted', async () => {
    expect(await accepted(JobState.Posted, OTHER)).to.deep.equal({ taken: 'JobMarket_State', said: [] });
  });
});
