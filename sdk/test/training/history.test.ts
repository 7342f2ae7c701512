import type { RunBatch, RunTerms } from '@essaim/protocol';
import { RunHistory } from '@essaim/sdk';
import { expect } from 'chai';

const hash = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`;
const terms = (seats: number): RunTerms => ({ seats, rounds: 9, checkpoint: hash(1) }) as RunTerms;

function batch(round: number, turn: number, checkpoint: number, changes: Partial<RunBatch> = {}): RunBatch {
  const own = { round, turn, nextTurn: 0, seat: 0, trainer: 'ada', count: 2, contributions: hash(0) };
  return { ...own, checkpoint: hash(checkpoint), ...changes };
}

function submit(history: RunHistory, made: RunBatch, kind: 'steps' | 'score' | 'aggregation' = 'steps'): void {
  const about = { kind, batch: made, contributions: [], receipt: hash(99), transaction: hash(98) };
  history.apply({ name: 'Submitted', submitted: about });
}

const standing = ({ rounds }: RunHistory) => rounds.map(({ round, turn, parent }) => [round, turn, Number(parent)]);

describe('the history of a run', () => {
  it('begins each round where the one before it ended, with a turn of its own', () => {
    const history = new RunHistory(terms(1));
    expect(standing(history)).to.deep.equal([[0, 1, 1]]);
    submit(history, batch(0, 1, 2));
    submit(history, batch(1, 2, 3));
    expect(standing(history)).to.deep.equal([
      [0, 1, 1],
      [1, 2, 2],
      [2, 3, 3],
    ]);
    expect(history.batches.map(({ parent }) => Number(parent))).to.deep.equal([1, 2]);
  });

  it('goes back to where a rejected batch began, and takes out what stood on it', () => {
    const history = new RunHistory(terms(1));
    for (const [round, checkpoint] of [2, 3, 4].entries()) submit(history, batch(round, round + 1, checkpoint));
    history.apply({ name: 'Dropped', kind: 'steps', trainer: 'ada', round: 1, turn: 2 });
    expect(standing(history)).to.deep.equal([
      [0, 1, 1],
      [1, 5, 2],
    ]);
    expect(history.batches.map((each) => history.stands(each))).to.deep.equal([true, false, false]);
    submit(history, batch(1, 5, 13, { trainer: 'bob' }));
    expect(standing(history).at(-1)).to.deep.equal([2, 6, 13]);
    expect(history.batches.map((each) => history.stands(each))).to.deep.equal([true, false, false, true]);
    history.apply({ name: 'Dropped', kind: 'steps', trainer: 'ada', round: 2, turn: 3 });
    expect(history.current.round).to.equal(2);
  });

  it('of several seats goes on with an aggregation, and keeps the other seats’ batches when one is taken out', () => {
    const history = new RunHistory(terms(2));
    submit(history, batch(0, 1, 2));
    submit(history, batch(0, 1, 3, { seat: 1, trainer: 'bob' }));
    expect(history.current.round).to.equal(0);
    submit(history, batch(0, 1, 4, { nextTurn: 2, contributions: hash(7) }), 'aggregation');
    expect(standing(history).at(-1)).to.deep.equal([1, 2, 4]);
    history.apply({ name: 'Dropped', kind: 'steps', trainer: 'bob', round: 0, turn: 1 });
    expect(history.current.round).to.equal(0);
    expect(history.current.submitted.map(({ batch: { trainer } }) => trainer)).to.deep.equal(['ada']);
  });

  it('of several seats gives the next round another turn once a batch is taken out', () => {
    const history = new RunHistory(terms(2));
    submit(history, batch(0, 1, 2));
    submit(history, batch(0, 1, 3, { seat: 1, trainer: 'bob' }));
    history.apply({ name: 'Dropped', kind: 'steps', trainer: 'bob', round: 0, turn: 1 });
    expect([history.current.turn, history.nextTurn]).to.deep.equal([1, 3]);
    submit(history, batch(0, 1, 4, { nextTurn: 3, contributions: hash(7) }), 'aggregation');
    expect(standing(history).at(-1)).to.deep.equal([1, 3, 4]);
    history.apply({ name: 'Settled', round: 0 });
    submit(history, batch(1, 3, 5));
    history.apply({ name: 'Dropped', kind: 'steps', trainer: 'ada', round: 0, turn: 1 });
    expect([history.current.round, history.nextTurn]).to.deep.equal([1, 4]);
  });

  it('takes out the aggregation alone where its trainer submitted steps of the same round', () => {
    const history = new RunHistory(terms(2));
    submit(history, batch(0, 1, 2));
    submit(history, batch(0, 1, 4, { nextTurn: 2, contributions: hash(7) }), 'aggregation');
    expect(history.nextTurn).to.equal(3);
    history.apply({ name: 'Dropped', kind: 'aggregation', trainer: 'ada', round: 0, turn: 1 });
    expect(history.batches.map((each) => history.stands(each))).to.deep.equal([true, false]);
    submit(history, batch(0, 1, 5, { nextTurn: 3, contributions: hash(7) }), 'aggregation');
    expect(history.batches.map((each) => history.stands(each))).to.deep.equal([true, false, true]);
  });

  it('knows which batches came too late to be taken in', () => {
    const history = new RunHistory(terms(2));
    submit(history, batch(0, 1, 2));
    submit(history, batch(0, 1, 4, { nextTurn: 2, contributions: hash(7) }), 'aggregation');
    expect(history.wasLeftOut(history.batches[0])).to.equal(false);
    history.apply({ name: 'Settled', round: 0 });
    expect(history.batches.map((each) => history.wasLeftOut(each))).to.deep.equal([true, false]);
  });

  it('knows what was settled and how the run was closed', () => {
    const history = new RunHistory(terms(1));
    submit(history, batch(0, 1, 2));
    history.apply({ name: 'Settled', round: 0 });
    history.apply({ name: 'Closed', state: 5 });
    expect([history.settled, history.closed]).to.deep.equal([1, 5]);
  });

  it('of scores none of which improved begins the round again, with a turn of its own', () => {
    const history = new RunHistory(terms(2));
    submit(history, batch(0, 1, 2), 'score');
    submit(history, batch(0, 1, 3, { seat: 1, trainer: 'bob' }), 'score');
    history.apply({ name: 'Repeated', round: 0, turn: 2 });
    expect(standing(history)).to.deep.equal([[0, 2, 1]]);
    expect(history.batches.map((each) => history.stands(each))).to.deep.equal([false, false]);
    submit(history, batch(0, 2, 4), 'score');
    submit(history, batch(0, 2, 5, { nextTurn: 3, contributions: hash(7) }), 'aggregation');
    expect(standing(history).at(-1)).to.deep.equal([1, 3, 5]);
    expect(history.stands(history.batches[2])).to.equal(true);
  });
});
