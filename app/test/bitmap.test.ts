import { expect } from 'chai';
import { blank, levels, SIDE, stroke } from '../src/pages/models/try/bitmap.ts';
import { DIGITS, sample } from '../src/pages/models/try/samples.ts';

describe('a drawn digit', () => {
  it('is seen as how many dots of each block are dark', () => {
    const full = blank().fill(1);
    expect(levels(full)).to.deep.equal(new Array(64).fill(16));
    const one = blank();
    one[5 * SIDE + 9] = 1;
    const seen = levels(one);
    expect(seen[1 * 8 + 2]).to.equal(1);
    expect(seen.reduce((sum, level) => sum + level)).to.equal(1);
  });

  it('is a line without gaps, within the field', () => {
    const line = stroke(blank(), { x: -5, y: 16 }, { x: 40, y: 16 });
    for (let x = 0; x < SIDE; x++) expect(line[16 * SIDE + x]).to.equal(1);
    expect(line.length).to.equal(SIDE * SIDE);
  });

  it('leaves what was drawn before as it was', () => {
    const before = blank();
    stroke(before, { x: 3, y: 3 }, { x: 9, y: 9 });
    expect(before.some((dot) => dot !== 0)).to.equal(false);
  });

  it('can be a scan, of levels that the models take', () => {
    for (const digit of DIGITS) {
      expect(sample(digit)).to.have.length(64);
      expect(sample(digit).every((level) => Number.isInteger(level) && level >= 0 && level <= 16)).to.equal(true);
    }
  });
});
