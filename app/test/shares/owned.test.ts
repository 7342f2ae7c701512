import { expect } from 'chai';
import { assetIn, assetName } from '../../src/pages/shares/asset-name.ts';
import { type Owned, partOf, sumOf } from '../../src/pages/shares/owned.ts';

const owned = (asset: bigint, ...claimable: Owned['claimable']): Owned => ({
  ...{ asset, kind: 'model', part: 50, shares: '0x5', claimable, certainty: 'final' },
});

describe('what an account owns', () => {
  it('is a part of the shares', () => {
    expect(partOf(1n, 3n)).to.equal(33.3333);
    expect(partOf(1n, 0n)).to.equal(0);
    expect([assetIn('12'), assetIn('0xff'), assetIn('x'), assetIn('')]).to.deep.equal([
      12n,
      255n,
      undefined,
      undefined,
    ]);
    expect(assetName('dataset', 7n)).to.equal('Data set 7');
    expect(assetName('model', (0xabcdn << 240n) + 0x1234n)).to.equal('Model 0xabcd…1234');
  });

  it('adds up by token, without what is nothing', () => {
    const rows = [
      owned(1n, { token: 'a', amount: 2n }, { token: 'b', amount: 0n }),
      owned(2n, { token: 'a', amount: 3n }),
    ];
    expect(sumOf(rows)).to.deep.equal([{ token: 'a', amount: 5n }]);
  });
});
