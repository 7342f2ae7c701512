import { expect } from 'chai';
import { rankOf } from '../src/training/seat-order.ts';

describe('the order in which seats aggregate', () => {
  it('is another one in every turn, the same for everybody, and gives each seat its turn', () => {
    const seats = [0, 2, 5];
    const orders = [2, 3, 4].map((turn) => seats.toSorted((a, b) => rankOf(seats, a, turn) - rankOf(seats, b, turn)));
    expect(orders).to.deep.equal([
      [5, 0, 2],
      [0, 2, 5],
      [2, 5, 0],
    ]);
    for (const turn of [2, 3, 4])
      expect(seats.map((seat) => rankOf(seats, seat, turn)).sort()).to.deep.equal([0, 1, 2]);
  });

  it('puts a seat that submitted nothing last', () => {
    expect(rankOf([0, 2, 5], 1, 7)).to.equal(3);
  });
});
