import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ipfsStorage, type Storage, StorageError, type StorageErrorCode } from '@essaim/storage';
import { expect } from 'chai';
import { startNode, type TestNode } from './start-node.ts';

const UNKNOWN = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

describe('what a caller learns when storage fails', () => {
  let node: TestNode;
  let storage: Storage;
  const servers: Server[] = [];

  before(async () => {
    node = await startNode();
    storage = ipfsStorage({ url: node.url });
  });

  after(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await node.stop();
  });

  async function serve(listener: RequestListener): Promise<Storage> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return ipfsStorage({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  }

  /** A storage whose reads pass through a proxy that flips one bit of every block `tampered` chooses. */
  function lying(tampered: (cid: string) => boolean): Promise<Storage> {
    return serve(async (request, response) => {
      const answer = await fetch(`${node.url}${request.url}`, { method: 'POST' });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const cid = new URL(request.url!, 'http://x').searchParams.get('arg')!;
      if (answer.ok && tampered(cid)) bytes[bytes.length >> 1] ^= 1;
      response.writeHead(answer.status).end(bytes);
    });
  }

  it('catches one flipped bit in a one-block file and names the CID', async () => {
    const cid = await storage.put(new Uint8Array([1, 2, 3]));
    const error = await failureOf((await lying(() => true)).get(cid), 'STORAGE_BYTES_MISMATCH');
    expect(error.details.cid).to.equal(cid);
  });

  it('catches one flipped bit in one leaf of a larger file', async () => {
    const cid = await storage.put(new Uint8Array(3 * 2 ** 20).map((_, i) => i >> 18));
    const leaves: string[] = [];
    await (await lying((at) => leaves.push(at) < 0)).get(cid);
    const liar = await lying((at) => at === leaves[2]);
    const error = await failureOf(liar.get(cid), 'STORAGE_BYTES_MISMATCH');
    expect(error.details.cid).to.equal(leaves[2]);
  });

  it('catches a tampered manifest', async () => {
    const { digest } = await storage.putManifest({ a: 1 });
    await failureOf((await lying(() => true)).getManifest(digest), 'STORAGE_BYTES_MISMATCH');
  });

  it('refuses the CID of a server that names the content otherwise', async () => {
    const server = await serve((request, response) => {
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ Name: 'x', Hash: UNKNOWN, Size: '1', Key: UNKNOWN }));
      });
    });
    await failureOf(server.put(new Uint8Array([1])), 'STORAGE_CID_DISAGREES');
    await failureOf(server.putBlock('raw', new Uint8Array([1])), 'STORAGE_CID_DISAGREES');
  });

  it('says quickly that content is unknown', async () => {
    const started = performance.now();
    await failureOf(storage.get(UNKNOWN), 'STORAGE_NOT_FOUND');
    await failureOf(storage.unpin(UNKNOWN), 'STORAGE_NOT_FOUND');
    expect(await storage.has(UNKNOWN)).to.equal(false);
    expect(performance.now() - started).to.be.below(2000);
  });

  it('says that the server is unreachable', async () => {
    const nowhere = ipfsStorage({ url: 'http://127.0.0.1:1' });
    await failureOf(nowhere.get(UNKNOWN), 'STORAGE_UNREACHABLE');
    await failureOf(nowhere.put(new Uint8Array([1])), 'STORAGE_UNREACHABLE');
    await failureOf(nowhere.has(UNKNOWN), 'STORAGE_UNREACHABLE');
  });

  it('gives up on a silent server when the time is up, whatever it was asked', async () => {
    const silent = await serve(() => undefined);
    const wait = { timeoutMs: 100 };
    await failureOf(silent.get(UNKNOWN, wait), 'STORAGE_TIMEOUT');
    await failureOf(silent.put(new Uint8Array([1]), wait), 'STORAGE_TIMEOUT');
    await failureOf(silent.putBlock('raw', new Uint8Array([1]), wait), 'STORAGE_TIMEOUT');
    await failureOf(silent.pin(UNKNOWN, wait), 'STORAGE_TIMEOUT');
    await failureOf(silent.has(UNKNOWN, wait), 'STORAGE_TIMEOUT');
  });

  it('ends with an AbortError when the caller aborts', async () => {
    const silent = await serve(() => undefined);
    const caller = new AbortController();
    const reading = silent.get(UNKNOWN, { signal: caller.signal });
    const writing = silent.put(new Uint8Array([1]), { signal: caller.signal });
    setTimeout(() => caller.abort(), 20);
    for (const call of [reading, writing]) {
      const error = await call.then(
        () => expect.fail('it should have failed'),
        (cause) => cause,
      );
      expect(error.name).to.equal('AbortError');
    }
    const late = await storage.has(UNKNOWN, { signal: caller.signal }).catch((cause) => cause);
    expect(late.name).to.equal('AbortError');
  });

  it('refuses a file above maxBytes after its first block only', async () => {
    const cid = await storage.put(new Uint8Array(3 * 2 ** 20));
    let requests = 0;
    const counting = await lying(() => ++requests < 0);
    await failureOf(counting.get(cid, { maxBytes: 2 ** 20 }), 'STORAGE_TOO_LARGE');
    expect(requests).to.equal(1);
    expect((await counting.get(cid, { maxBytes: 10, offset: 5, length: 10 })).length).to.equal(10);
  });

  it('stops reading a block that never ends', async () => {
    let sent = 0;
    const endless = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', more);
      more();
    });
    await failureOf(endless.getBlock(UNKNOWN), 'STORAGE_TOO_LARGE');
    expect(sent).to.be.below(32 * 2 ** 20);
  });

  it('refuses an upload above maxBytes, and passes on what the source of an upload throws', async () => {
    async function* chunks() {
      yield new Uint8Array(1000);
      yield new Uint8Array(1000);
    }
    async function* broken() {
      yield new Uint8Array(1000);
      throw new Error('the disk failed');
    }
    await failureOf(storage.put(chunks(), { maxBytes: 1500 }), 'STORAGE_TOO_LARGE');
    const error = await storage.put(broken()).then(
      () => expect.fail('it should have failed'),
      (cause) => cause,
    );
    expect(error.message).to.contain('the disk failed');
  });

  it('refuses what is not a CID, not a file, not a manifest, not a range', async () => {
    const { cid } = await storage.putManifest({ a: 1 });
    await failureOf(storage.get('hello'), 'STORAGE_CID_INVALID');
    await failureOf(
      storage.get('bafk2bzacebbzt2eb6sihz4gtvrn3cgbvcnpjglzh65yxj2hvzyrrjzlbhzwjw'),
      'STORAGE_CID_INVALID',
    );
    await failureOf(storage.get(cid), 'STORAGE_NOT_A_FILE');
    await failureOf(storage.getManifest(UNKNOWN), 'STORAGE_MANIFEST_INVALID');
    await failureOf(storage.getManifest('0x12'), 'STORAGE_CID_INVALID');
    await failureOf(storage.get(cid, { offset: -1 }), 'STORAGE_RANGE_INVALID');
  });
});

async function failureOf(call: Promise<unknown>, code: StorageErrorCode): Promise<StorageError> {
  const error = await call.then(
    () => undefined,
    (cause) => cause,
  );
  expect(error, `should fail with ${code}`).to.be.instanceOf(StorageError);
  expect(error.code, error.message).to.equal(code);
  expect(error.help).to.not.equal('');
  return error;
}
