import { gainOf, scoreRows, stepsOf } from '@essaim/protocol';
import { expect } from 'chai';

describe('A score', () => {
  it('gains the improved part of the loss, rounded down', () => {
    expect(gainOf(4, 3)).to.equal(250_000_000);
    expect(gainOf(3, 2)).to.equal(333_333_333);
    expect(gainOf(2, 0)).to.equal(1_000_000_000);
    expect(gainOf(1e30, 1e-30)).to.equal(999_999_999);
    expect(gainOf(2 ** -148, 2 ** -149)).to.equal(500_000_000);
  });

  it('gains nothing where nothing improved, or a loss is no positive number', () => {
    const pairs = [
      [1, 1],
      [1, 2],
      [0, 0],
      [-1, -2],
      [1, -1],
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.POSITIVE_INFINITY, 1],
      [1, Number.POSITIVE_INFINITY],
    ];
    for (const [before, later] of pairs) expect(gainOf(before, later), `${before} to ${later}`).to.equal(0);
  });

  it('is paid as its part of the round’s steps, at most as twice what a seat could do', () => {
    const terms = { seats: 4, steps: 10 };
    expect(stepsOf(1, 3, terms)).to.equal(13);
    expect(stepsOf(3, 4, terms)).to.equal(20);
    expect(stepsOf(0, 4, terms)).to.equal(0);
  });

  it('is of distinct rows of the data set, which follow from the turn’s seed', () => {
    const rows = scoreRows({ batch: 11, rows: 11 }, `0x${'5a'.repeat(32)}`);
    expect(rows.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 11 }, (_, i) => i));
  });
});
