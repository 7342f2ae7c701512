import { ZERO_HASH } from '@essaim/protocol';
import type { SubmittedBatch } from '@essaim/sdk';
import { expect } from 'chai';
import { id, ZeroAddress } from 'ethers';
import type { Desk } from '../src/case.ts';
import { openRound } from '../src/training/round-case.ts';

const batch = { round: 0, turn: 1, nextTurn: 0, seat: 0, trainer: ZeroAddress, count: 2 };
const submitted = { kind: 'steps', batch: { ...batch, checkpoint: id('made'), contributions: ZERO_HASH } };

/** What is opened of a round of which an endpoint tells this. */
function opened({ seed, count }: { seed: string; count: bigint }) {
  const contracts = {
    TrainingRegistry: { getAddress: async () => ZeroAddress, seed: async () => seed },
    Claims: { batch: async () => ({ root: id('root'), count }) },
    StepFaults: {},
  };
  const training = { parts: async () => ({ terms: { programId: id('program') } }) };
  const desk = { essaim: { contracts, training, datasets: { get: async () => ({}) } } } as unknown as Desk;
  return openRound(desk, id('run'), submitted as unknown as SubmittedBatch).catch(({ code }) => code);
}

describe('a round that is checked', () => {
  it('is not opened with what an endpoint that is behind does not have yet: its seed and its batch', async () => {
    expect(await opened({ seed: ZERO_HASH, count: 2n })).to.equal('CHAIN_BEHIND');
    expect(await opened({ seed: id('seed'), count: 0n })).to.equal('CHAIN_BEHIND');
    expect(await opened({ seed: id('seed'), count: 2n })).to.deep.include({
      seed: id('seed'),
      batch: { root: id('root'), count: 2 },
    });
  });
});
