import { ZERO_HASH } from '@essaim/protocol';
import { ClaimState, type RunHistory } from '@essaim/sdk';
import { expect } from 'chai';
import { id, ZeroAddress } from 'ethers';
import { aggregateRound } from '../src/training/aggregate-round.ts';
import type { OpenRun, TrainingShop } from '../src/training/shop.ts';

const batch = { round: 1, turn: 2, nextTurn: 0, seat: 0, trainer: ZeroAddress, count: 2 };
const submitted = { kind: 'steps', batch: { ...batch, checkpoint: id('made'), contributions: ZERO_HASH } };
const history = { nextTurn: 3, current: { round: 1, turn: 2, parent: id('first'), submitted: [submitted] } };

/** Whether a round, of which one of two seats has submitted, goes on without the other where an endpoint tells this. */
async function goesOn(row: { turn: bigint; time: bigint }): Promise<boolean> {
  let went = false;
  const of = async () => {
    went = true;
    return null;
  };
  const contracts = {
    TrainingRegistry: { getAddress: async () => ZeroAddress, run: async () => ({ ...row, epoch: 1n }) },
    Claims: { state: async () => ClaimState.Pending, batch: async () => ({ time: 5_000n }) },
    ProtocolParameters: { claimRules: async () => ({ windowSeconds: 86_400n }) },
  };
  const essaim = { contracts, provider: { getBlock: async () => ({ timestamp: 5_000 }) } };
  const shop = { essaim, training: { stepIn: 0 } } as unknown as TrainingShop;
  const run = { runId: id('run'), terms: { seats: 2, roundSeconds: 600 } } as unknown as OpenRun;
  const work = { checkpoints: { of } } as never;
  await aggregateRound(shop, run, history as unknown as RunHistory, 0, work);
  return went;
}

describe('a round of several seats', () => {
  it('goes on without those that are late', async () => {
    expect(await goesOn({ turn: 2n, time: 4_300n })).to.equal(true);
    expect(await goesOn({ turn: 2n, time: 4_500n })).to.equal(false);
  });

  it('waits for them where an endpoint that is behind tells since when the turn before it was trained', async () => {
    expect(await goesOn({ turn: 1n, time: 4_300n })).to.equal(false);
  });
});
