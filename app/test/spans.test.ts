import { expect } from 'chai';
import { series, spanOf } from '../src/pages/overview/spans.ts';

const HOUR = 3_600;

describe('what is plotted over time', () => {
  it('has a zero where nothing happened', () => {
    const points = [
      { time: 10 * HOUR, kind: 'Posted', value: 2 },
      { time: 13 * HOUR, kind: 'Posted', value: 1 },
      { time: 11 * HOUR, kind: 'Else', value: 9 },
    ];
    const { x, series: lines } = series({ posted: 'Posted', paid: 'Paid' }, points, HOUR);
    expect(x).to.deep.equal([10, 11, 12, 13].map((hour) => hour * HOUR));
    expect(lines.map(({ values }) => values)).to.deep.equal([
      [2, 0, 0, 1],
      [0, 0, 0, 0],
    ]);
  });

  it('is gathered by longer spans where the time is long, so that it stays a picture', () => {
    expect(spanOf([]).words).to.equal('hour');
    expect(spanOf([0, 100 * HOUR]).words).to.equal('hour');
    expect(spanOf([0, 50 * 24 * HOUR]).words).to.equal('day');
    const span = spanOf([0, 9 * 365 * 24 * HOUR]);
    expect(
      series(
        { a: 'A' },
        [0, 9 * 365 * 24 * HOUR].map((time) => ({ time, kind: 'A', value: 1 })),
        span.seconds,
      ).x.length,
    ).to.be.at.most(121);
  });

  it('is nothing where nothing happened', () => {
    expect(series({ a: 'A' }, [], HOUR).x).to.deep.equal([]);
  });
});
