import { ZERO_HASH } from '@essaim/protocol';
import { expect } from 'chai';
import { id } from 'ethers';
import { openRun } from '../src/training/open-run.ts';
import type { TrainingShop } from '../src/training/shop.ts';

describe('a run that is opened', () => {
  it('has the seed that was drawn, also where an endpoint that is behind did not have it at first', async () => {
    const seeds = [ZERO_HASH, id('seed')];
    const contracts = { TrainingRegistry: { seed: async () => seeds.shift() } };
    const training = { parts: async () => ({ terms: { dataset: 1n, version: 0 }, score: {} }) };
    const essaim = { contracts, training, datasets: { get: async () => ({}) } };
    const shop = { essaim, data: '' } as unknown as TrainingShop;
    const error = await openRun(shop, id('run')).catch((thrown) => thrown);
    expect(error.code).to.equal('CHAIN_BEHIND');
    expect((await openRun(shop, id('run'))).seed).to.equal(id('seed'));
  });
});
