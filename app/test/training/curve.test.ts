import { expect } from 'chai';
import { curveOf } from '../../src/pages/training/run/curve.ts';

type Told = Parameters<typeof curveOf>[0][number];
const told = (change: Partial<Told>): Told => ({
  ...{ stage: 'submitted', kind: 'steps', round: 0, trainer: 'carol', checkpoint: '0xc1', losses: [2, 1] },
  ...change,
});

describe('the loss curve of a run', () => {
  it('has a place for each step, and the mean of several seats', () => {
    const curve = curveOf(
      [
        told({}),
        told({ trainer: 'dave', losses: [4, 3] }),
        told({ round: 1, losses: [0.5, 0.25] }),
        told({ stage: 'settled' }),
      ],
      2,
    );
    expect(curve.x).to.deep.equal([0, 1, 2, 3]);
    expect(curve.lines).to.deep.equal([{ label: 'loss', values: [3, 2, 0.5, 0.25] }]);
  });

  it('keeps what was dropped apart', () => {
    const bad = told({ trainer: 'dave', losses: [9, 9] });
    const curve = curveOf([bad, told({}), { ...bad, stage: 'dropped' }], 2);
    expect(curve.lines).to.deep.equal([
      { label: 'loss', values: [2, 1] },
      { label: 'taken out of the run', values: [9, 9] },
    ]);
  });

  it('shows scored rounds before and after their updates', () => {
    const curve = curveOf(
      [told({ kind: 'score', losses: [2, 1.5] }), told({ kind: 'score', round: 1, losses: [1.5, 1] })],
      3,
    );
    expect(curve).to.deep.include({ x: [0, 1], xLabel: 'round' });
    expect(curve.lines.map(({ values }) => values)).to.deep.equal([
      [2, 1.5],
      [1.5, 1],
    ]);
  });

  it('counts batches whose receipt nobody serves', () => {
    expect(curveOf([told({ losses: null }), told({ kind: 'aggregation', losses: null })], 2)).to.deep.include({
      x: [],
      unknown: 1,
    });
  });
});
