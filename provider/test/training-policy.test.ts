import { type RunTerms, ZERO_HASH } from '@essaim/protocol';
import { expect } from 'chai';
import { runRefusal } from '../src/training/policy.ts';

const TOKEN = `0x${'aa'.repeat(20)}`;
const RUN = `0x${'01'.repeat(32)}`;
const policy = {
  runs: [],
  minimumFee: { [TOKEN]: 5n },
  maximumCollateral: 10n ** 18n,
  ...{ checkpointEvery: 1, selfCheck: true, publishTraces: true },
};
const terms = {
  ...{ token: TOKEN, feePerStep: 5n, collateral: 1_000n, scoreProgramId: ZERO_HASH, roundSeconds: 3_600 },
} as RunTerms;

describe('a trainer’s policy', () => {
  it('takes a run that pays enough in a token it takes, and refuses others', () => {
    expect(runRefusal(policy, RUN, terms)).to.equal(null);
    expect(runRefusal(policy, RUN, { ...terms, feePerStep: 4n })).to.contain('fee');
    expect(runRefusal(policy, RUN, { ...terms, token: `0x${'bb'.repeat(20)}` })).to.contain('token');
    expect(runRefusal(policy, RUN, { ...terms, collateral: 1_001n })).to.contain('collateral');
    expect(runRefusal({ ...policy, runs: [ZERO_HASH] }, RUN, terms)).to.contain('not trained');
  });

  it('takes a run of private shards with a shard of its own only, and with time to score', () => {
    const scored = { ...terms, scoreProgramId: RUN };
    expect(runRefusal(policy, RUN, scored)).to.contain('data of their own');
    expect(runRefusal(policy, RUN, scored, 1)).to.equal(null);
    expect(runRefusal(policy, RUN, { ...scored, roundSeconds: 899 }, 1)).to.contain('900 seconds');
  });
});
