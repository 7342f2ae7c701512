import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Essaim, Storage } from '@essaim/sdk';
import { ipfsStorage } from '@essaim/storage';
import { expect } from 'chai';
import { type Seller, sell } from './seller.ts';
import { failureOf, request, scans, type World, world } from './world.ts';

/** A storage that differs from another in some of its calls. */
function changed(storage: Storage, changes: Partial<Storage>): Storage {
  return new Proxy(storage, {
    get: (target, key) => Reflect.get(changes, key) ?? Reflect.get(target, key),
  });
}

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

describe('a result', () => {
  let at: World;
  let honest: Storage;

  before(async () => {
    at = await world();
    honest = ipfsStorage({ url: at.node.url });
  });

  /** Runs a job with one seller, and ends the seller whatever happens. */
  async function buy(essaim: Essaim, selling: Promise<Seller>) {
    const seller = await selling;
    try {
      return await failureOf(essaim.jobs.run(request(at), { patience: 0 }));
    } finally {
      await seller.stop();
    }
  }

  it('is refused when the provider shows another output than it committed to', async () => {
    const { outputs } = at.model.program;
    const sizes = outputs.map(({ value }) => at.model.program.values[value].type).map(({ dims }) => dims);
    expect(sizes).to.have.length.above(0);
    const first = await outputBytes();
    const isOutput = (bytes: unknown) => bytes instanceof Uint8Array && bytes.length === first;
    const put: Storage['put'] = (content, options) =>
      honest.put(isOutput(content) ? flip(content as Uint8Array) : content, options);
    const failure = await buy(await at.connect('requester'), sell(at, 'seller', { storage: changed(honest, { put }) }));
    expect(failure.code).to.equal('RESULT_MISMATCH');
  });

  it('is refused when the storage in use serves other bytes as an output', async () => {
    const inputCid = await honest.put(new Uint8Array(scans(1)[0].buffer.slice(0)));
    const get: Storage['get'] = async (cid, options) => {
      const bytes = await honest.get(cid, options);
      return bytes.length < 200 && cid !== inputCid ? flip(bytes) : bytes;
    };
    const failure = await buy(await at.connect('requester', { storage: changed(honest, { get }) }), sell(at));
    expect(failure.code).to.equal('RESULT_MISMATCH');
  });

  it('is refused when a storage node serves bytes that are not their CID’s', async () => {
    const liar = await lyingNode(at.node.url);
    const { port } = liar.address() as AddressInfo;
    const essaim = await at.connect('requester', { storage: `http://127.0.0.1:${port}` });
    const failure = await buy(essaim, sell(at));
    expect(failure.code).to.equal('STORAGE_BYTES_MISMATCH');
    liar.close();
  });

  it('is refused when the receipt is not the one below the batch root', async () => {
    const putManifest: Storage['putManifest'] = (value, options) => {
      const receipt = value as { kind: string; claims: { inputsRoot: string }[] };
      if (receipt.kind !== 'essaim/receipt/1') return honest.putManifest(value, options);
      const claims = receipt.claims.map((claim) => ({ ...claim, inputsRoot: `0x${'5'.repeat(64)}` }));
      return honest.putManifest({ ...receipt, claims }, options);
    };
    const failure = await buy(
      await at.connect('requester'),
      sell(at, 'seller', { storage: changed(honest, { putManifest }) }),
    );
    expect(failure.code).to.equal('RESULT_MISMATCH');
  });

  it('that storage does not have is waited for, then reported', async () => {
    const get: Storage['get'] = (cid, options) => {
      if (options?.maxBytes !== undefined && options.maxBytes < 200) return honest.get(GONE, { timeoutMs: 200 });
      return honest.get(cid, options);
    };
    const failure = await buy(await at.connect('requester', { storage: changed(honest, { get }) }), sell(at));
    expect(failure.code).to.be.oneOf(['STORAGE_NOT_FOUND', 'STORAGE_TIMEOUT']);
  });

  async function outputBytes(): Promise<number> {
    const { program } = at.model;
    const { type } = program.values[program.outputs[0].value];
    return type.dims.reduce((a, b) => a * b, 1) * (type.dtype === 'int64' ? 8 : 4);
  }
});

/** A CID that nobody holds. */
const GONE = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

/** A node's RPC with one bit of every small raw block changed: outputs are, manifests are not. */
async function lyingNode(url: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { ...(request.headers as Record<string, string>) };
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
      delete headers[name];
    const answer = await fetch(new URL(request.url!, url), { method: 'POST', headers, body: Buffer.concat(chunks) });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const lie = request.url!.includes('/block/get') && request.url!.includes('bafkrei') && bytes.length < 200;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(lie ? flip(bytes) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
