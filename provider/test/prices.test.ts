import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { refusalOf } from '../src/policy.ts';
import { readPrices } from '../src/prices.ts';

const token = `0x${'ab'.repeat(20)}`;
const other = `0x${'cd'.repeat(20)}`;
const self = `0x${'11'.repeat(20)}`;

describe('prices of single models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-prices-'));
  const file = join(folder, 'offers.json');
  after(() => rmSync(folder, { recursive: true, force: true }));

  const job = (given: Partial<Terms>): Terms =>
    ({ provider: ZeroAddress, token, count: 1n, fee: 5n, model: 3n, collateral: 1n, ...given }) as Terms;

  it('go before those of all models, with bounds of their own', () => {
    writeFileSync(file, JSON.stringify([{ model: '3', token, fee: '7', collateral: '50', inputs: '2' }]));
    const prices = readPrices(file);
    const policy = { models: [], minimumFee: { [token]: 5n }, maximumCollateral: 100n, selfCheck: true, prices };
    expect(refusalOf(policy, job({}), self)).to.equal('a fee below 7');
    expect(refusalOf(policy, job({ fee: 7n }), self)).to.equal(null);
    expect(refusalOf(policy, job({ fee: 7n, collateral: 51n }), self)).to.equal('collateral above 50');
    expect(refusalOf(policy, job({ fee: 7n, count: 3n }), self)).to.equal('more than 2 inputs');
    expect(refusalOf(policy, job({ token: other }), self)).to.equal('a token that is not taken');
    expect(refusalOf(policy, job({ model: 4n }), self)).to.equal(null);
    expect(refusalOf({ ...policy, models: [9n] }, job({ model: 4n }), self)).to.equal('a model that is not served');
    expect(refusalOf({ ...policy, minimumFee: {} }, job({ model: 4n }), self)).to.equal('a model that is not served');
  });

  it('say by OFFERS_INVALID what in their file is wrong', () => {
    for (const [text, why] of [
      ['{}', 'no list'],
      ['[', 'no JSON'],
      ['[{"model":"3","token":"0x1","fee":"1"}]', 'the token of entry 0'],
      [`[{"model":"3","token":"${token}","fee":1}]`, 'the fee of entry 0'],
      [`[{"model":"3","token":"${token}","fee":"1","price":"1"}]`, 'a field price'],
    ]) {
      writeFileSync(file, text);
      expect(() => readPrices(file))
        .to.throw(new RegExp(why))
        .with.property('code', 'OFFERS_INVALID');
    }
  });
});
