import { createHash } from 'node:crypto';
import { cidOfDigest, cidOfFile, digestOfCid, ipfsStorage, type Storage } from '@essaim/storage';
import { expect } from 'chai';
import { CID } from 'multiformats/cid';
import { startNode, type TestNode } from './start-node.ts';

describe('ipfsStorage on the embedded node', () => {
  let node: TestNode;
  let storage: Storage;

  before(async () => {
    node = await startNode();
    storage = ipfsStorage({ url: node.url });
  });

  after(() => node.stop());

  it('gives a file the CID that Kubo gives it', async () => {
    const cid = await storage.put(new TextEncoder().encode('hello world'));
    expect(cid).to.equal('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e');
    expect(new TextDecoder().decode(await storage.get(cid))).to.equal('hello world');
  });

  it('stores a file without bytes', async () => {
    const cid = await storage.put(new Uint8Array());
    expect(cid).to.equal('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku');
    expect((await storage.get(cid)).length).to.equal(0);
  });

  it('gives back a file of many blocks, whole and in part', async () => {
    const bytes = Uint8Array.from({ length: 3 * 2 ** 20 + 17 }, (_, i) => (i * 2654435761) >>> 13);
    const cid = await storage.put(bytes);
    expect(cid).to.equal(await cidOfFile(bytes));
    expect(Buffer.compare(await storage.get(cid), bytes)).to.equal(0);
    const part = await storage.get(cid, { offset: 2 ** 20 - 5, length: 10 });
    expect(Buffer.compare(part, bytes.subarray(2 ** 20 - 5, 2 ** 20 + 5))).to.equal(0);
  });

  it('names a manifest by its digest, whatever the order of its keys', async () => {
    const manifest = { title: 'model', sizes: [1, 2], weights: new Uint8Array([7]), licence: null };
    const { cid, digest } = await storage.putManifest(manifest);
    expect(cidOfDigest(digest)).to.equal(cid);
    expect(digestOfCid(cid)).to.equal(digest);
    expect(await storage.getManifest(digest)).to.deep.equal(manifest);
    expect(await storage.getManifest(cid)).to.deep.equal(manifest);
    const { title, ...rest } = manifest;
    expect(await storage.putManifest({ ...rest, title })).to.deep.equal({ cid, digest });
  });

  it('encodes a manifest as dag-cbor prescribes', async () => {
    // {"a": 1, "bb": [true, null, "x"]}: shorter keys first, RFC 8949 heads
    const bytes = Uint8Array.from([0xa2, 0x61, 0x61, 0x01, 0x62, 0x62, 0x62, 0x83, 0xf5, 0xf6, 0x61, 0x78]);
    const { digest } = await storage.putManifest({ bb: [true, null, 'x'], a: 1 });
    expect(digest).to.equal(`0x${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it('refuses a manifest in another encoding of the same value', async () => {
    const unsorted = Uint8Array.from([0xa2, 0x62, 0x62, 0x62, 0x01, 0x61, 0x61, 0x01]);
    const cid = await storage.putBlock('dag-cbor', unsorted);
    const error = await storage.getManifest(cid).then(
      () => expect.fail('it should have failed'),
      (cause) => cause,
    );
    expect(error.code).to.equal('STORAGE_MANIFEST_INVALID');
  });

  it('pins what a manifest links to along with the manifest', async () => {
    const file = await storage.put(new Uint8Array([9, 9, 9]), { pin: false });
    await storage.putManifest({ file: CID.parse(file) });
    const error = await storage.unpin(file).catch((cause) => cause);
    expect(error.code).to.equal('STORAGE_NOT_FOUND');
    await (await fetch(`${node.url}/api/v0/repo/gc`, { method: 'POST' })).text();
    expect(await storage.has(file)).to.equal(true);
  });

  it('reads past the end as what there is, and nothing beyond it', async () => {
    const cid = await storage.put(new Uint8Array([1, 2, 3]));
    expect([...(await storage.get(cid, { offset: 2, length: 10 }))]).to.deep.equal([3]);
    expect([...(await storage.get(cid, { offset: 5 }))]).to.deep.equal([]);
    expect([...(await storage.get(cid, { length: 0 }))]).to.deep.equal([]);
  });
});
