import { ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { Verifier } from '../src/index.ts';
import { TwoNodes } from './two-nodes.ts';

const JOB = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;
const [BEFORE, AFTER] = [9, 10];

describe('a batch that was convicted before it is looked at', () => {
  it('is known to be one’s own where the next node does not know of the conviction', async () => {
    const nodes = new TwoNodes(AFTER, BEFORE, AFTER);
    const { provider } = nodes;
    const said: string[] = [];
    const isAfter = () => nodes.head() === AFTER;
    const getAddress = async () => SELF;
    const getEvent = () => ({ fragment: { topicHash: JOB } });
    const posted = { parseLog: () => ({ name: 'Posted', args: [], fragment: { inputs: [] } }) };
    const contracts = {
      JobMarket: { getAddress, getEvent, interface: posted, runner: { provider } },
      Claims: {
        state: async () => (isAfter() ? ClaimState.Rejected : ClaimState.Pending),
        conviction: async () => ({ challenger: isAfter() ? SELF : ZeroAddress }),
        batch: async () => ({ blockNumber: 7n }),
      },
      Penalties: { collected: async () => true },
      Availability: { getAddress, getEvent, interface: { parseLog: () => null } },
    };
    const essaim = { contracts, provider, signer: { getAddress }, deployment: { startBlock: 0 }, pollingInterval: 1 };
    const eye = { meet: async () => ({ due: {}, met: {} }) };
    const say = ({ event }: { event: string }) => said.push(event);
    const options = { eye, lanes: {} } as never;
    const verifier = new Verifier(essaim as unknown as Essaim, undefined as never, say, options);
    await verifier.check({ jobId: JOB, provider: SELF, batchRoot: JOB, receipt: JOB });
    expect(said).to.deep.equal(['collected']);
  });
});
