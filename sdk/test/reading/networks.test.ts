import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EssaimError } from '@essaim/protocol';
import { Essaim, networkOf } from '@essaim/sdk';
import { expect } from 'chai';
import { networksModule } from '../../../scripts/networks.ts';
import { networks } from '../../src/networks/known.ts';
import { addresses, Stand } from './stand.ts';

const thrown = (work: Promise<unknown>): Promise<EssaimError> =>
  work.then(
    () => {
      throw new Error('nothing was thrown');
    },
    (error) => error,
  );

describe('networks', () => {
  const known = [
    { name: 'little', chainId: 31337, rpc: 'http://a', deployment: { chainId: 31337, startBlock: 1, addresses } },
  ];

  it('are found by name and by chain id', () => {
    for (const wanted of ['little', 31337, '31337']) expect(networkOf(wanted, known)).to.equal(known[0]);
  });

  it('that are not known are answered with those that are', () => {
    expect(() => networkOf('big', known))
      .to.throw()
      .with.property('help')
      .that.includes('little (31337)');
    expect(() => networkOf('big', []))
      .to.throw()
      .with.property('help')
      .that.includes('rpc');
  });

  it('are known as the deployments are', () => {
    const made = networksModule('deployments').replace(/^[^=]*= /s, '');
    expect(JSON.parse(made.replace(/;\s*$/, ''))).to.deep.equal(JSON.parse(JSON.stringify(networks)));
  });

  it('are made of the deployments with who answers for them, but for the local one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'essaim-networks-'));
    const deployment = { startBlock: 5, addresses: { MielToken: addresses.MielToken } };
    writeFileSync(
      join(folder, '10.json'),
      JSON.stringify({ name: 'ten', chainId: 10, rpc: 'https://r', launchpad: 'x', ...deployment }),
    );
    writeFileSync(join(folder, '31337.json'), JSON.stringify({ chainId: 31337, ...deployment }));
    const text = networksModule(folder);
    rmSync(folder, { recursive: true });
    expect(JSON.parse(text.replace(/^[^=]*= /s, '').replace(/;\s*$/, ''))).to.deep.equal([
      { name: 'ten', chainId: 10, rpc: 'https://r', deployment: { chainId: 10, ...deployment } },
    ]);
    expect(readFileSync(new URL('../../src/networks/known.ts', import.meta.url), 'utf8')).to.include('Network[] = ');
  });
});

describe('a connection', () => {
  it('says that nobody knows its network', async () => {
    expect((await thrown(Essaim.connect({ network: 'atlantis' }))).code).to.equal('NETWORK_UNKNOWN');
  });

  it('says that no endpoint is named', async () => {
    expect((await thrown(Essaim.connect({ deployment: {} }))).code).to.equal('CHAIN_UNNAMED');
  });

  it('reads without storage, and says where it needs one', async () => {
    const stand = await Stand.open();
    const deployment = { chainId: 31337, startBlock: 1, addresses };
    const essaim = await Essaim.connect({ rpc: stand.chain.url, indexer: stand.indexer.url, deployment });
    expect((await essaim.reading.jobs().page()).source).to.equal('indexer');
    expect((await thrown(essaim.storage.get('bafy'))).code).to.equal('STORAGE_NEEDED');
    essaim.close();
    stand.close();
  });
});
