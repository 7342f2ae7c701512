import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { permuteRow, ratio, rowAt, rowsOf, weightOf } from '../../src/index.ts';

const vectors: { seed: string; position: string; rows: number; row: number }[] = JSON.parse(
  readFileSync(new URL('../../../test/vectors/row-order.json', import.meta.url), 'utf8'),
);

describe('Order of rows', () => {
  it('gives the golden vectors', () => {
    for (const { seed, position, rows, row } of vectors) expect(rowAt(seed, BigInt(position), rows)).to.equal(row);
  });

  it('takes every row once in an epoch, in another order in the next', () => {
    const { seed } = vectors[0];
    for (const rows of [1, 2, 3, 4, 5, 64, 100, 1_000]) {
      const orders = [0n, 1n].map((epoch) => Array.from({ length: rows }, (_, i) => permuteRow(seed, epoch, i, rows)));
      for (const order of orders) expect(new Set(order).size).to.equal(rows);
      if (rows > 5) expect(orders[0]).to.not.deep.equal(orders[1]);
    }
  });

  it('gives no two seats, and no two steps of an epoch, the same row', () => {
    const terms = { rows: 24, batch: 2, steps: 3, seats: 2 };
    const rows = [0, 1].flatMap((round) =>
      [0, 1].flatMap((seat) => [0, 1, 2].flatMap((step) => rowsOf(terms, vectors[0].seed, { round, seat, step }))),
    );
    expect(new Set(rows).size).to.equal(24);
  });
});

describe('Weight of a contribution', () => {
  it('is its part of the steps so far, as float32', () => {
    const counts = [{ count: 3 }, { count: 1 }, { count: 7 }];
    expect(counts.map((_, i) => weightOf(counts, i))).to.deep.equal([1, 0.25, Math.fround(7 / 11)]);
  });

  it('is the nearest float32', () => {
    for (let part = 1n; part < 200n; part++) {
      expect(ratio(part, 199n)).to.equal(Math.fround(Number(part) / 199));
    }
  });
});
