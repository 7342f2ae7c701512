import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { verifierEarnings } from '../../scripts/lib/verifier-earnings.ts';

describe('the guide of verifiers', () => {
  it('says what one earns when nobody cheats by the parameters as they are', () => {
    const guide = readFileSync('docs/verifier.md', 'utf8');
    expect(guide.includes(verifierEarnings()), 'node scripts/earnings.ts writes it').to.equal(true);
  });
});
