import { ZERO_HASH } from '@essaim/protocol';
import { ClaimState } from '@essaim/sdk';
import { expect } from 'chai';
import { id, ZeroAddress } from 'ethers';
import type { Desk } from '../src/case.ts';
import { contributionsCharge } from '../src/training/aggregation.ts';
import type { RoundCase } from '../src/training/round-case.ts';

const AGGREGATION = id('aggregation');
const place = { round: 0, turn: 1, nextTurn: 0, count: 2, contributions: ZERO_HASH };
const made = (name: string, seat: number) => ({
  seat,
  count: 2,
  trainer: `0x${name.repeat(20)}`,
  checkpoint: id(name),
});
const [taken, left] = [made('aa', 0), made('bb', 1)];

/** What an aggregation, of one of two seats, is charged with by a node that is behind by default, and at one block not. */
function charged(time: bigint) {
  let isPinned = false;
  const contracts = {
    Claims: {
      state: async () => (isPinned ? ClaimState.Pending : ClaimState.None),
      batch: async (batchId: string) => ({ time: batchId === AGGREGATION ? time : 1_000n }),
    },
    TrainingRegistry: { trainer: async () => ({ open: 0n }), stands: async () => true },
  };
  const provider = {
    async atOneBlock(work: () => Promise<unknown>) {
      isPinned = true;
      return work().finally(() => {
        isPinned = false;
      });
    },
  };
  const batches = [taken, left].map((each) => ({ kind: 'steps', batch: { ...place, ...each } }));
  const desk = { essaim: { contracts, provider, training: { history: async () => ({ batches }) } } };
  const round = {
    ...{ runId: id('run'), registry: ZeroAddress, batchId: AGGREGATION },
    terms: { scoreProgramId: ZERO_HASH, roundSeconds: 600 },
    submitted: { batch: { ...place, nextTurn: 2, trainer: ZeroAddress }, contributions: [taken] },
  };
  return contributionsCharge(desk as unknown as Desk, round as unknown as RoundCase);
}

describe('what an aggregation took in', () => {
  it('is read at the block that it is in: what a node that is behind lacks is no fault', async () => {
    expect(await charged(1_100n)).to.equal(null);
    expect(await charged(1_301n)).to.include({ kind: 'omission' });
  });

  it('is not looked at before an endpoint has the aggregation', async () => {
    const error = await charged(0n).catch((thrown) => thrown);
    expect(error.code).to.equal('CHAIN_BEHIND');
  });
});
