import { expect } from 'chai';
import { RateLimit } from '../../src/sponsor/rate-limit.ts';

describe('a rate limit', () => {
  it('lets a burst through, then so many a second, each name for itself', () => {
    const limit = new RateLimit({ burst: 2, perSecond: 1 });
    expect([0, 0, 0].map((now) => limit.allows('a', now))).to.deep.equal([true, true, false]);
    expect(limit.allows('b', 0)).to.equal(true);
    expect([999, 1_000, 1_001].map((now) => limit.allows('a', now))).to.deep.equal([false, true, false]);
  });
});
