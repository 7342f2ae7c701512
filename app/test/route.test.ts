import { expect } from 'chai';
import { parseRoute, to } from '../src/route/route.ts';

describe('addresses of pages', () => {
  it('are made and read again', () => {
    const { page, path, query } = parseRoute(to('jobs', '0xab', { tab: 'claims & more' }));
    expect([page, path, query.get('tab')]).to.deep.equal(['jobs', ['0xab'], 'claims & more']);
    expect(parseRoute(to('models', 12n)).path).to.deep.equal(['12']);
    expect(parseRoute(to('')).page).to.equal('');
  });

  it('keep what could else end or break them', () => {
    expect(parseRoute(to('agents', 'a/b?c#d%')).path).to.deep.equal(['a/b?c#d%']);
  });

  it('are read even where somebody wrote them badly', () => {
    expect(parseRoute('#/models/%E0%A4%A').path).to.deep.equal(['%E0%A4%A']);
    expect(parseRoute('').page).to.equal('');
    expect(parseRoute('#///jobs//0x1').path).to.deep.equal(['0x1']);
  });
});
