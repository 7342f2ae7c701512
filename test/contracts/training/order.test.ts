import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { connection, trainingFixture } from './fixture.ts';

const { networkHelpers } = connection;

describe('Order of rows on chain', () => {
  it('gives the golden vectors of the TypeScript twin', async () => {
    const { faults } = await networkHelpers.loadFixture(trainingFixture);
    const vectors = JSON.parse(readFileSync('test/vectors/row-order.json', 'utf8'));
    for (const { seed, position, rows, row } of vectors) expect(await faults.rowAt(seed, position, rows)).to.equal(row);
  });
});
