import { EssaimError, type RunTerms, ZERO_HASH } from '@essaim/protocol';
import { RunState } from '@essaim/sdk';
import { expect } from 'chai';
import { id } from 'ethers';
import { advanceRun, type RunWork } from '../src/training/advance.ts';
import { Checkpoints } from '../src/training/checkpoints.ts';
import type { TrainingShop } from '../src/training/shop.ts';

const RUN = id('run');
const SELF = `0x${'34'.repeat(20)}`;
const terms = { rounds: 9, seats: 1, fundingDeadline: 1_000, scoreProgramId: ZERO_HASH, token: 'miel', collateral: 1n };

/** A trainer of what these nodes tell of a run; `said` is what it tells of it. */
function trainer(nodes: { provider?: object; run: () => object; own?: object; withdraw?: () => Promise<void> }) {
  const said: string[] = [];
  const own = { locks: 0n, steps: 0n, dependants: 0n, aggregations: 0n, pending: 0n, seat: 0n, ...nodes.own };
  const contracts = {
    TrainingRegistry: { getAddress: async () => SELF, run: async () => nodes.run(), trainer: async () => own },
    Claims: {},
  };
  const history = { batches: [], settled: 5 };
  const essaim = {
    ...{ contracts, provider: { getBlock: async () => ({ timestamp: 0 }), ...nodes.provider } },
    signer: { getAddress: async () => SELF },
    training: { settle: async () => 0, history: async () => history, withdraw: nodes.withdraw },
  };
  const training = { runs: [], minimumFee: { miel: 0n }, maximumCollateral: 10n ** 18n };
  const shop = { essaim, training, say: ({ event }: { event: string }) => said.push(event) } as unknown as TrainingShop;
  const work: RunWork = { earned: 0n, unlocked: new Set(), checkpoints: new Checkpoints(), unable: new Set() };
  work.terms = { ...terms, feePerStep: 1n } as unknown as RunTerms;
  return { said, advance: () => advanceRun(shop, RUN, work) };
}

describe('a run that is trained', () => {
  it('is not over where a node that is behind knows nothing yet of its funds, and another is past their deadline', async () => {
    // what is read at one block is read at the old one
    let isPinned = false;
    const provider = {
      getBlock: async () => ({ timestamp: isPinned ? 999 : 1_001 }),
      atOneBlock: (work: () => Promise<unknown>) => {
        isPinned = true;
        return work().finally(() => {
          isPinned = false;
        });
      },
    };
    const run = () => ({ state: BigInt(RunState.Funding) });
    expect(await trainer({ provider, run }).advance()).to.equal(false);
  });

  describe('and has earned its trainer something', () => {
    const run = () => ({ state: BigInt(RunState.Running), round: 9n, rounds: 9n, settled: 5n, depth: 1n });
    const refuse = () => Promise.reject(new EssaimError('RunEscrow_Nothing', 'nothing to pay', { help: 'none' }));

    /** What is said of a run whose escrow refuses to pay so many times. */
    async function looks(refusals: number, count: number) {
      let asked = 0;
      const withdraw = () => (asked++ < refusals ? refuse() : Promise.resolve());
      const { said, advance } = trainer({ run, own: { steps: 7n, locks: 1n }, withdraw });
      for (let look = 0; look < count; look++) await advance();
      return { said, asked };
    }

    it('pays it though an endpoint that is behind says first that there is nothing to pay', async () => {
      expect(await looks(1, 3)).to.deep.equal({ said: ['earned'], asked: 2 });
    });

    it('has paid it already where that is said twice', async () => {
      expect(await looks(9, 4)).to.deep.equal({ said: [], asked: 2 });
    });
  });
});
