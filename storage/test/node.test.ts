import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request } from 'node:http';
import path from 'node:path';
import { cidOfFile, digestOfCid, ipfsStorage } from '@essaim/storage';
import { createNode } from '@essaim/storage/node';
import { expect } from 'chai';
import { startNode, type TestNode } from './start-node.ts';

const MiB = 2 ** 20;
const noise = (length: number, seed = 1) => {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
};
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the embedded node', () => {
  const nodes: TestNode[] = [];
  const start = async (...args: Parameters<typeof startNode>) => {
    const node = await startNode(...args);
    nodes.push(node);
    return node;
  };
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
  });

  it('keeps blocks, pins and its peer id over a restart', async () => {
    const first = await start();
    const bytes = noise(2 * MiB + 5);
    const cid = await ipfsStorage({ url: first.url }).put(bytes);
    const before = await (await rpc(first.url, 'id')).json();
    const held = { ...first.stats };
    await first.close();
    const second = await createNode({ dir: first.dir });
    try {
      expect(await (await rpc(second.url, 'id')).json()).to.deep.equal(before);
      expect(second.stats.bytes).to.equal(held.bytes);
      expect(sha(await ipfsStorage({ url: second.url }).get(cid))).to.equal(sha(bytes));
      await rpc(second.url, 'repo/gc');
      expect(second.stats.blocks).to.equal(held.blocks);
    } finally {
      await second.close();
    }
    nodes.length = 0;
  });

  it('goes on where an address is none', async () => {
    const { url } = await start();
    const asked = request({ port: new URL(url).port, path: '//' });
    const [answer] = await once(asked.end(), 'response');
    expect(answer.statusCode).to.equal(400);
    expect((await rpc(url, 'version')).status).to.equal(200);
  });

  it('shares its folder with no second node', async () => {
    const node = await start();
    const error = await createNode({ dir: node.dir }).then(
      () => expect.fail('it should have failed'),
      (cause) => cause,
    );
    expect(error.code).to.equal('STORAGE_DIR_IN_USE');
    expect((await rpc(node.url, 'version')).status).to.equal(200);
  });

  it('removes what a crash left half-written and treats a damaged block as absent', async () => {
    const node = await start();
    const storage = ipfsStorage({ url: node.url });
    const cid = await storage.put(noise(1000));
    const [shard] = await readdir(path.join(node.dir, 'blocks'));
    const [file] = await readdir(path.join(node.dir, 'blocks', shard));
    await node.close();
    await writeFile(path.join(node.dir, 'blocks', shard, `.${file}.tmp`), 'half');
    await writeFile(path.join(node.dir, 'blocks', shard, file), 'damaged');
    const again = await createNode({ dir: node.dir });
    const reading = await ipfsStorage({ url: again.url })
      .get(cid)
      .catch((cause) => cause.code);
    await again.close();
    expect(reading).to.equal('STORAGE_NOT_FOUND');
    expect(await readdir(path.join(node.dir, 'blocks', shard))).to.deep.equal([]);
    nodes.length = 0;
  });

  it('collects what no pin holds, and nothing that one does', async () => {
    const node = await start();
    const storage = ipfsStorage({ url: node.url });
    const kept = await storage.put(noise(3 * MiB, 2));
    const linked = await storage.put(noise(100, 3), { pin: false });
    const dropped = await storage.put(noise(2 * MiB, 4), { pin: false });
    const unpinned = await storage.put(noise(100, 5));
    await storage.unpin(unpinned);
    await rpc(node.url, `pin/add?arg=${linked}&recursive=false`);
    await (await rpc(node.url, 'repo/gc')).text();
    expect(await Promise.all([kept, linked, dropped, unpinned].map((cid) => storage.has(cid)))).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    expect((await storage.get(kept)).length).to.equal(3 * MiB);
    expect(node.stats.blocks).to.equal(5);
  });

  it('keeps what an upload has stored while garbage is collected', async () => {
    const node = await start();
    const storage = ipfsStorage({ url: node.url });
    const chunks = [noise(10 * MiB, 6), noise(10 * MiB, 7), noise(MiB, 8)];
    async function* slow() {
      for (const chunk of chunks) {
        yield chunk;
        await until(() => node.stats.blocks > 0);
        await (await rpc(node.url, 'repo/gc')).text();
      }
    }
    const cid = await storage.put(slow());
    expect(sha(await storage.get(cid))).to.equal(sha(Buffer.concat(chunks)));
  });

  it('makes room when the store is above its size and refuses uploads when all is pinned', async () => {
    const node = await start({ limits: { maxStoreBytes: 4 * MiB } });
    const storage = ipfsStorage({ url: node.url });
    const garbage = await storage.put(noise(3 * MiB, 9), { pin: false });
    const kept = await storage.put(noise(3 * MiB, 12));
    expect(await storage.has(garbage)).to.equal(false);
    expect((await storage.get(kept)).length).to.equal(3 * MiB);
    const refused = await storage.put(noise(2 * MiB, 13)).catch((cause) => cause);
    expect(refused.code).to.equal('STORAGE_REFUSED');
    expect((await storage.get(kept)).length).to.equal(3 * MiB);
  });

  it('refuses an upload above its quota and pins nothing of it', async () => {
    const node = await start({ limits: { maxUploadBytes: MiB } });
    const storage = ipfsStorage({ url: node.url });
    async function* endless() {
      for (let i = 0; ; i++) yield noise(65_536, i);
    }
    const error = await storage.put(endless()).catch((cause) => cause);
    expect(error.code).to.equal('STORAGE_TOO_LARGE');
    expect(await pinsOf(node.url)).to.deep.equal([]);
    expect(node.stats.bytes).to.be.at.most(MiB);
  });

  it('pins nothing of an upload that is broken off', async () => {
    const node = await start();
    const caller = new AbortController();
    async function* stalled() {
      yield noise(12 * MiB);
      await until(() => node.stats.blocks > 0);
      caller.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const error = await ipfsStorage({ url: node.url })
      .put(stalled(), { signal: caller.signal })
      .catch((cause) => cause);
    expect(error.name).to.equal('AbortError');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await pinsOf(node.url)).to.deep.equal([]);
    await (await rpc(node.url, 'repo/gc')).text();
    expect(node.stats).to.include({ blocks: 0, bytes: 0 });
  });

  it('lets in only callers with the token and pages of the named origins', async () => {
    const node = await start({ token: 'honey', origins: ['http://localhost:5173'] });
    const good = { authorization: 'Bearer honey' };
    expect((await rpc(node.url, 'version')).status).to.equal(403);
    expect((await rpc(node.url, 'version', { authorization: 'Bearer money' })).status).to.equal(403);
    expect((await rpc(node.url, 'version', good)).status).to.equal(200);
    for (const origin of ['http://127.0.0.1.evil.example', 'http://localhost:51730', 'null']) {
      expect((await rpc(node.url, 'version', { ...good, origin })).status, origin).to.equal(403);
    }
    const page = await rpc(node.url, 'version', { ...good, origin: 'http://localhost:5173' });
    expect(page.headers.get('access-control-allow-origin')).to.equal('http://localhost:5173');
    const forbidden = await ipfsStorage({ url: node.url })
      .put(noise(10))
      .catch((cause) => cause);
    expect(forbidden.code).to.equal('STORAGE_FORBIDDEN');
    const cid = await ipfsStorage({ url: node.url, headers: good }).put(noise(10));
    expect((await ipfsStorage({ url: node.url, headers: good }).get(cid)).length).to.equal(10);
  });

  it('serves files, ranges, blocks and CARs by its gateway, of what it holds only', async () => {
    const other = await start();
    const node = await start({ peers: [other.url] });
    const bytes = noise(2 * MiB + 3);
    const cid = await ipfsStorage({ url: node.url }).put(bytes);
    const at = `${node.url}/ipfs/${cid}`;
    expect(sha(await body(await fetch(at)))).to.equal(sha(bytes));
    const part = await fetch(at, { headers: { range: 'bytes=1048570-1048585' } });
    expect([part.status, part.headers.get('content-range')]).to.deep.equal([
      206,
      `bytes 1048570-1048585/${bytes.length}`,
    ]);
    expect(sha(await body(part))).to.equal(sha(bytes.subarray(1048570, 1048586)));
    expect(sha(await body(await fetch(at, { headers: { range: 'bytes=-3' } })))).to.equal(sha(bytes.subarray(-3)));
    expect((await fetch(at, { headers: { range: 'bytes=9999999-' } })).status).to.equal(416);
    const head = await fetch(at, { method: 'HEAD' });
    expect(head.headers.get('content-length')).to.equal(`${bytes.length}`);
    const again = await fetch(at, { headers: { 'if-none-match': head.headers.get('etag')! } });
    expect(again.status).to.equal(304);
    const raw = await body(await fetch(`${at}?format=raw`));
    expect(sha(raw)).to.equal(digestOfCid(cid).slice(2));
    expect((await body(await fetch(`${at}?format=car`))).length).to.be.above(bytes.length);
    const elsewhere = await ipfsStorage({ url: other.url }).put(noise(10, 77));
    for (const query of ['', '?format=raw', '?format=car']) {
      expect((await fetch(`${node.url}/ipfs/${elsewhere}${query}`)).status, query).to.equal(404);
    }
    expect((await ipfsStorage({ url: node.url }).get(elsewhere)).length).to.equal(10);
    expect(node.stats.fetched).to.equal(1);
  });

  it('accepts from peers only bytes that match', async () => {
    const holder = await start();
    const cid = await ipfsStorage({ url: holder.url }).put(noise(100));
    const [shard] = await readdir(path.join(holder.dir, 'blocks'));
    const [name] = await readdir(path.join(holder.dir, 'blocks', shard));
    const stored = await readFile(path.join(holder.dir, 'blocks', shard, name));
    const liar = createServer((_, response) => response.end(stored.map((byte) => byte ^ 1))).listen(0, '127.0.0.1');
    await new Promise((resolve) => liar.once('listening', resolve));
    const liarUrl = `http://127.0.0.1:${(liar.address() as { port: number }).port}`;
    const misled = await start({ peers: [liarUrl] });
    const helped = await start({ peers: [liarUrl, holder.url] });
    const failed = await ipfsStorage({ url: misled.url })
      .get(cid)
      .catch((cause) => cause);
    expect(failed.code).to.equal('STORAGE_NOT_FOUND');
    expect((await ipfsStorage({ url: helped.url }).get(cid)).length).to.equal(100);
    liar.closeAllConnections();
    liar.close();
  });

  it('reads content that identity CIDs carry and refuses hashes it cannot check', async () => {
    const node = await start();
    const inline = 'bafkqablimvwgy3y'; // "hello"
    expect(new TextDecoder().decode(await ipfsStorage({ url: node.url }).get(inline))).to.equal('hello');
    expect(await (await fetch(`${node.url}/ipfs/${inline}`)).text()).to.equal('hello');
    const blake = 'bafk2bzacebbzt2eb6sihz4gtvrn3cgbvcnpjglzh65yxj2hvzyrrjzlbhzwjw';
    expect((await rpc(node.url, `block/get?arg=${blake}`)).status).to.equal(400);
    expect((await fetch(`${node.url}/ipfs/${blake}`)).status).to.equal(400);
  });

  it('bounds DAGs and paths', async () => {
    const node = await start({ limits: { maxDagBlocks: 3, maxPathDepth: 2 } });
    const cid = await ipfsStorage({ url: node.url }).put(noise(5 * MiB), { pin: false });
    const error = await ipfsStorage({ url: node.url })
      .pin(cid)
      .catch((cause) => cause);
    expect(error.code).to.equal('STORAGE_TOO_LARGE');
    expect(await pinsOf(node.url)).to.deep.equal([]);
    expect((await rpc(node.url, `cat?arg=${cid}/a/b/c`)).status).to.equal(400);
  });

  it('reads no further ahead of a slow reader than its buffers hold', async () => {
    const holder = await start();
    const node = await start({ peers: [holder.url] });
    async function* content() {
      for (let i = 0; i < 96; i++) yield new Uint8Array(MiB).fill(i);
    }
    const cid = await ipfsStorage({ url: holder.url }).put(content());
    const call = request(`${node.url}/api/v0/cat?arg=${cid}`, { method: 'POST' }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(node.stats.fetched).to.be.within(2, 40);
    let total = 0;
    for await (const chunk of response) total += chunk.length;
    expect(total).to.equal(96 * MiB);
    expect(node.stats.fetched).to.equal(97);
  });

  it('gives a stream of 32 MiB the CID of the same bytes in one piece', async () => {
    const node = await start();
    const bytes = noise(32 * MiB);
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 300_007) yield bytes.subarray(at, at + 300_007);
    }
    const storage = ipfsStorage({ url: node.url });
    const cid = await storage.put(pieces());
    expect(cid).to.equal(await cidOfFile(bytes));
    expect(sha(await storage.get(cid))).to.equal(sha(bytes));
  });

  it('closes at once with a call under way', async () => {
    const node = await startNode();
    const hanging = request(`${node.url}/api/v0/add`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    hanging.on('error', () => undefined).write('--x\r\n');
    await new Promise((resolve) => hanging.once('socket', (socket) => socket.once('connect', resolve)));
    const started = performance.now();
    await node.stop();
    expect(performance.now() - started).to.be.below(1000);
  });
});

/** Waits for a condition, for two seconds at most. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('the condition never held');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function rpc(url: string, call: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/v0/${call}`, { method: 'POST', headers });
}

async function pinsOf(url: string): Promise<string[]> {
  const { Keys } = (await (await rpc(url, 'pin/ls')).json()) as { Keys: Record<string, unknown> };
  return Object.keys(Keys);
}

async function body(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}
