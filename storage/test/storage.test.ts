import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cidOfFile, ipfsStorage, type Storage } from '@essaim/storage';
import { createNode, type IpfsNode } from '@essaim/storage/node';
import { expect } from 'chai';

describe('ipfsStorage on the embedded node', () => {
  let dir: string;
  let node: IpfsNode;
  let storage: Storage;

  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'essaim-storage-'));
    node = await createNode({ dir });
    storage = ipfsStorage({ url: node.url });
  });

  after(async () => {
    await node.close();
    await rm(dir, { recursive: true });
  });

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
});
