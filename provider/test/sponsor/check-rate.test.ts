import { expect } from 'chai';
import { checkRate } from '../../src/sponsor/check-rate.ts';

describe('how much of a tab’s work is run again', () => {
  it('is all of who is new, and ever less of who proved itself, down to a least share', () => {
    expect([0, 5, 9].map((accepted) => checkRate({ accepted, failed: 0 }, 0.1))).to.deep.equal([1, 1, 1]);
    const shares = [10, 19, 49, 1_000].map((accepted) => checkRate({ accepted, failed: 0 }, 0.1));
    expect(shares).to.deep.equal([10 / 11, 0.5, 0.2, 0.1]);
  });

  it('is all of who ever failed, whatever it did well', () => {
    expect(checkRate({ accepted: 10_000, failed: 1 }, 0)).to.equal(1);
  });
});
