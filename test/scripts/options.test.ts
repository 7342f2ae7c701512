import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { optionsPage } from '../../scripts/options.ts';

describe('docs/options.md', () => {
  it('is what the daemons’ tables of options make', () => {
    const committed = readFileSync(new URL('../../docs/options.md', import.meta.url), 'utf8');
    expect(committed).to.equal(optionsPage());
  });
});
