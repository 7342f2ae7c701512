import type { Power } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { missingOf, sourcesOf } from '../../src/pages/governance/power/sources.ts';

const MIEL = 10n ** 18n;
const me = '0x00000000000000000000000000000000000000aA';
const other = '0x00000000000000000000000000000000000000bB';

const power = (change: Partial<Power>): Power => ({
  ...{ account: me, at: 1n, total: 0n, liquid: 0n, staked: 0n },
  parts: { liquid: { own: 0n, delegate: ZeroAddress }, staked: { own: 0n, delegate: me }, pools: [] },
  ...change,
});

describe('voting power', () => {
  it('is told apart: own, staked, in pools, and delegated by others', () => {
    const parts = {
      liquid: { own: 10n, delegate: me.toLowerCase() },
      staked: { own: 20n, delegate: me },
      pools: [{ pool: 3n, operator: other, shares: 5n, votes: 5n }],
    };
    const rows = sourcesOf(power({ total: 42n, liquid: 16n, staked: 26n, parts }));
    expect(rows.map(({ name, votes }) => [name, votes])).to.deep.equal([
      ['In your wallet', 10n],
      ['Staked', 20n],
      ['In pool 3', 5n],
      ['Delegated to you', 7n],
    ]);
    expect(rows.reduce((sum, { votes }) => sum + votes, 0n)).to.equal(42n);
  });

  it('says why there is none although MIEL is there', () => {
    const idle = power({
      parts: { liquid: { own: 7n * MIEL, delegate: ZeroAddress }, staked: { own: 0n, delegate: me }, pools: [] },
    });
    expect(missingOf(idle)).to.equal(
      'A balance is not a vote: 7 MIEL vote for nobody until you delegate them, to yourself or to another.',
    );
    expect(sourcesOf(idle)[0]).to.include({ isIdle: true, votes: 0n });
    const away = power({
      parts: { liquid: { own: 7n, delegate: other }, staked: { own: 0n, delegate: me }, pools: [] },
    });
    expect(missingOf(away)).to.include('others whom it named');
    expect(sourcesOf(away)[0]).to.include({ by: other, votes: 0n });
    expect(missingOf(power({}))).to.include('holds and stakes no MIEL');
    expect(missingOf(power({ total: 1n }))).to.equal(undefined);
    expect(missingOf({ ...idle, total: 1n })).to.include('vote for nobody');
  });

  it('is not told apart where the endpoint forgot what was then', () => {
    expect(sourcesOf(power({ parts: undefined }))).to.deep.equal([]);
    expect(missingOf(power({ parts: undefined }))).to.equal('This account has no votes.');
  });
});
