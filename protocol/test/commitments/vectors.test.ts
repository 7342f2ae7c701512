import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { commitments } from '../../../scripts/vectors.ts';

describe('golden vectors', () => {
  it('are what the commitments give', () => {
    const file = new URL('../../../test/vectors/commitments.json', import.meta.url);
    expect(commitments).to.equal(readFileSync(file, 'utf8'));
  });
});
