import type { Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { refusalOf } from '../src/policy.ts';

const token = `0x${'aB'.repeat(20)}`;
const self = `0x${'11'.repeat(20)}`;
const hash = `0x${'00'.repeat(32)}`;
const terms: Terms = {
  requester: self,
  provider: ZeroAddress,
  token,
  deadline: 1n,
  count: 1n,
  salt: 0n,
  fee: 5n,
  royalty: 0n,
  model: 3n,
  programId: hash,
  inputsRoot: hash,
  inputs: hash,
  collateral: 100n,
  isSealed: false,
};
const policy = { models: [3n], minimumFee: { [token.toLowerCase()]: 5n }, maximumCollateral: 100n, selfCheck: true };

describe('a provider’s policy', () => {
  it('takes a job that pays enough in a token it takes, for a model it serves', () => {
    expect(refusalOf(policy, terms, self)).to.equal(null);
    expect(refusalOf({ ...policy, models: [] }, { ...terms, model: 9n, provider: self }, self)).to.equal(null);
  });

  it('refuses everything else, and says why', () => {
    expect(refusalOf(policy, { ...terms, provider: token }, self)).to.equal('asked of another provider');
    expect(refusalOf(policy, { ...terms, model: 4n }, self)).to.equal('a model that is not served');
    expect(refusalOf(policy, { ...terms, token: self }, self)).to.equal('a token that is not taken');
    expect(refusalOf(policy, { ...terms, fee: 4n }, self)).to.equal('a fee below 5');
    expect(refusalOf(policy, { ...terms, collateral: 101n }, self)).to.equal('collateral above 100');
  });
});
