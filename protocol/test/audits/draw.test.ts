import { drawAudits, NO_INNER_VALUES, SEGMENT_VALUES, seatAt, segmentTree, ZERO_HASH } from '@essaim/protocol';
import { expect } from 'chai';
import { id } from 'ethers';

describe('Draw of audits', () => {
  it('audits as many batches as the probability says', () => {
    let audited = 0;
    for (let i = 0; i < 4_000; i++) audited += drawAudits(id(`value ${i}`), id('batch'), 500n, 1, 5).length;
    expect(audited).to.be.within(160, 240);
    expect(drawAudits(id('value'), id('batch'), 10_000n, 1, 5)).to.have.length(1);
    expect(drawAudits(id('value'), id('batch'), 0n, 1, 5)).to.deep.equal([]);
  });

  it('draws every leaf of a batch alike, and none twice', () => {
    const hits = new Array<number>(12).fill(0);
    for (let i = 0; i < 3_000; i++)
      for (const { leaf } of drawAudits(id(`value ${i}`), id('batch'), 10_000n, 12, 5)) hits[leaf]++;
    const runs = [2, 2, 3, 2, 3];
    let leaf = 0;
    for (const run of runs) for (let i = 0; i < run; i++) expect(hits[leaf++] * run).to.be.within(2_700, 3_300);
  });

  it('gives one operator with many addresses its stake’s share of audits and no more', () => {
    const whole = [600n, 400n];
    const split = [...Array.from({ length: 60 }, () => 10n), 400n];
    let [one, many] = [0, 0];
    for (let i = 0; i < 4_000; i++) {
      const [{ share }] = drawAudits(id(`value ${i}`), id('batch'), 10_000n, 1, 5);
      if (seatAt(whole, share) === 0) one++;
      if (seatAt(split, share) < 60) many++;
    }
    expect(many).to.equal(one);
    expect(one).to.be.within(2_300, 2_500);
  });

  it('falls on nobody where nobody has weight', () => {
    expect(seatAt([0n, 0n], 1n << 127n)).to.equal(-1);
    expect(seatAt([0n, 7n, 0n], (1n << 128n) - 1n)).to.equal(1);
  });

  it('knows the list of a segment without inner values', () => {
    const segment = { firstOp: 0, opCount: 1, firstValue: 5, valueCount: 1 };
    expect(NO_INNER_VALUES).to.equal(segmentTree(segment, [ZERO_HASH]).root);
    expect(SEGMENT_VALUES).to.equal(1_024);
  });
});
