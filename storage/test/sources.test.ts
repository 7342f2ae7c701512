import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ipfsStorage, type Storage, StorageError } from '@essaim/storage';
import { expect } from 'chai';
import { startNode, type TestNode } from './start-node.ts';

const MIB = 2 ** 20;
const QUICK = { lateAfter: 150, idle: 200 };

describe('content of which a source gives only a part', () => {
  let node: TestNode;
  let cid: string;
  const content = new Uint8Array(5 * MIB).map((_, at) => (at >> 12) * 31 + (at >> 20));
  const servers: Server[] = [];

  before(async () => {
    node = await startNode();
    cid = await ipfsStorage({ url: node.url }).put(content);
  });
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await node.stop();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  /** A node before the real one; `handle` answers itself where it returns true. Tells which blocks were asked for. */
  async function nodeBefore(
    handle: (turn: number, bytes: Uint8Array, response: Parameters<RequestListener>[1]) => boolean,
  ) {
    const asked: string[] = [];
    const url = await serve(async (request, response) => {
      const block = new URL(request.url!, 'http://x').searchParams.get('arg')!;
      const turn = asked.push(block);
      const answer = await fetch(`${node.url}${request.url}`, { method: 'POST' });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (!handle(turn, bytes, response)) response.writeHead(answer.status).end(bytes);
    });
    return { url, asked };
  }
  const gateway = () => new URL(node.url).origin;
  const same = async (storage: Storage) => expect(Buffer.compare(await storage.get(cid), content)).to.equal(0);
  const failure = (work: Promise<unknown>): Promise<StorageError> =>
    work.then(
      () => {
        throw new Error('nothing was thrown');
      },
      (error) => error,
    );
  const cut = (bytes: Uint8Array, response: Parameters<RequestListener>[1]): true => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    return true;
  };

  it('asks once more for a block whose connection was cut half way', async () => {
    const { url, asked } = await nodeBefore((turn, bytes, response) => turn === 3 && cut(bytes, response));
    await same(ipfsStorage({ url, patience: QUICK }));
    expect(asked.length).to.equal(new Set(asked).size + 1);
  });

  it('asks once more for a block that stands still, and says so where it does again', async () => {
    const half = (bytes: Uint8Array, response: Parameters<RequestListener>[1]): true => {
      response.writeHead(200).write(bytes.subarray(0, bytes.length >> 1));
      return true;
    };
    const once = await nodeBefore((turn, bytes, response) => turn === 2 && half(bytes, response));
    await same(ipfsStorage({ url: once.url, patience: QUICK }));
    const always = await nodeBefore((_, bytes, response) => half(bytes, response));
    const error = await failure(ipfsStorage({ url: always.url, patience: QUICK }).get(cid));
    expect(error).to.be.instanceOf(StorageError).with.property('code', 'STORAGE_TIMEOUT');
  });

  it('goes on at a gateway where the node is away, late, lies, or does not have it', async () => {
    const away = 'http://127.0.0.1:1';
    const silent = await serve(() => undefined);
    const empty = await serve((_, response) => response.writeHead(500).end('{"Message":"block not found"}'));
    const liar = await nodeBefore((_, bytes, response) => {
      response.writeHead(200).end(bytes.map((byte) => byte ^ 1));
      return true;
    });
    const endless = await serve((_, response) => {
      response.writeHead(200);
      const more = () => response.write(Buffer.alloc(MIB), () => response.destroyed || setImmediate(more));
      more();
    });
    for (const url of [away, silent, empty, liar.url, endless]) {
      await same(ipfsStorage({ url, gateways: [gateway()], patience: QUICK }));
    }
  });

  it('reads from the node where a gateway lies, and says what the node said where both fail', async () => {
    const liar = await serve((_, response) => response.end('not it'));
    await same(ipfsStorage({ url: node.url, gateways: [liar], patience: QUICK }));
    const error = await failure(ipfsStorage({ url: 'http://127.0.0.1:1', gateways: [liar], patience: QUICK }).get(cid));
    expect(error.code).to.equal('STORAGE_UNREACHABLE');
  });

  it('does not ask again for what an earlier try had read', async () => {
    let isCut = true;
    const { url, asked } = await nodeBefore((turn, bytes, response) => isCut && turn > 4 && cut(bytes, response));
    const storage = ipfsStorage({ url, patience: QUICK });
    expect((await failure(storage.get(cid))).code).to.equal('STORAGE_UNREACHABLE');
    isCut = false;
    const first = asked.splice(0).slice(0, 4);
    await same(storage);
    for (const block of first) expect(asked).to.not.include(block);
  });

  it('lets the sources go with the caller, and when the time is up', async () => {
    const silent = await serve(() => undefined);
    const storage = ipfsStorage({ url: silent, gateways: [silent], patience: QUICK });
    const stop = new AbortController();
    const reading = failure(storage.get(cid, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 30);
    expect((await reading).name).to.equal('AbortError');
    expect((await failure(storage.get(cid, { timeoutMs: 300 }))).code).to.equal('STORAGE_TIMEOUT');
  });
});
