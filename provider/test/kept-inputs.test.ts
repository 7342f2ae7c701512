import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Essaim } from '@essaim/sdk';
import { ipfsStorage } from '@essaim/storage';
import { createNode, type IpfsNode } from '@essaim/storage/node';
import { expect } from 'chai';
import { KeptInputs } from '../src/kept-inputs.ts';

describe('the inputs of a job that was accepted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-inputs-'));
  let node: IpfsNode;
  before(async () => {
    node = await createNode({ dir: join(folder, 'ipfs') });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are read from the disk although nobody serves them any more, until the job is over', async () => {
    const storage = ipfsStorage({ url: node.url });
    const essaim = { storage, pollingInterval: 7 } as Essaim;
    const cid = await storage.put(new Uint8Array([1, 2, 3]));
    const { digest } = await storage.putManifest({ kind: 'a manifest', bytes: new Uint8Array([4]) });
    const first = new KeptInputs(folder).connectionFor('job', essaim);
    expect(first.pollingInterval).to.equal(7);
    expect(await first.storage.get(cid)).to.deep.equal(new Uint8Array([1, 2, 3]));
    expect(await first.storage.get(cid, { offset: 1 })).to.deep.equal(new Uint8Array([2, 3]));
    const manifest = await first.storage.getManifest(digest);
    await node.close();

    const restarted = new KeptInputs(folder);
    const again = restarted.connectionFor('job', essaim);
    expect(await again.storage.get(cid)).to.deep.equal(new Uint8Array([1, 2, 3]));
    expect(await again.storage.get(cid, { offset: 1 })).to.deep.equal(new Uint8Array([2, 3]));
    expect(await again.storage.getManifest(digest)).to.deep.equal(manifest);
    const other = restarted.connectionFor('another job', essaim);
    expect(await other.storage.get(cid).catch(({ code }) => code)).to.equal('STORAGE_UNREACHABLE');
    await restarted.release('job');
    expect(existsSync(join(folder, 'inputs', 'job'))).to.equal(false);
    expect(readdirSync(join(folder, 'inputs'))).to.deep.equal([]);
  });
});
