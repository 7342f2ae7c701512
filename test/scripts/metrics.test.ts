import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { metricsPage } from '../../scripts/metrics.ts';

describe('docs/metrics.md', () => {
  it('is what the daemons’ table of metrics makes', () => {
    const committed = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    expect(committed).to.equal(metricsPage());
  });
});
