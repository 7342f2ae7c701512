import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNode, type IpfsNode } from '@essaim/storage/node';
import { expect } from 'chai';
import { create as createFormer } from 'ipfs-http-client';
import { create as createCurrent } from 'kubo-rpc-client';

type Client = ReturnType<typeof createCurrent>;

/** The two official clients of Kubo's RPC; the former one is deprecated and still widely deployed. */
const CLIENTS: [string, (url: string) => Client][] = [
  ['kubo-rpc-client', (url) => createCurrent({ url })],
  ['ipfs-http-client', (url) => createFormer({ url }) as unknown as Client],
];

/** The profile unixfs-v1-2025 as add's options; max-file-links is sent though the types don't know it. */
const V1 = { cidVersion: 1, rawLeaves: true, chunker: 'size-1048576', maxFileLinks: 1024 } as const;

const bytes = new Uint8Array(2 ** 21 + 11).map((_, i) => Math.imul(i, 2654435761) >>> 24);
const text = (value: string) => new TextEncoder().encode(value);

for (const [name, connect] of CLIENTS) {
  describe(`${name} on the embedded node`, () => {
    let dir: string;
    let node: IpfsNode;
    let client: Client;

    before(async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'essaim-conformance-'));
      node = await createNode({ dir });
      client = connect(node.url);
    });

    after(async () => {
      await node.close();
      await rm(dir, { recursive: true, force: true });
    });

    it('reads the version and the peer id', async () => {
      expect((await client.version()).version).to.match(/^\d+\.\d+\.\d+$/);
      expect((await client.id()).id.toString()).to.match(/^12D3KooW/);
    });

    it("adds with Kubo's own defaults: CIDs that Kubo's documentation and users know by heart", async () => {
      const known: [string, string][] = [
        ['hello world\n', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'],
        ['hello world', 'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD'],
        ['', 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
      ];
      for (const [content, cid] of known) expect(`${(await client.add(content)).cid}`).to.equal(cid);
    });

    it('adds an empty directory under the CID every node has', async () => {
      const { cid } = await client.add({ path: 'empty' });
      expect(`${cid}`).to.equal('QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn');
    });

    it('adds a small file under the hash of its bytes when leaves are raw', async () => {
      const { cid } = await client.add('hello world', V1);
      expect(`${cid}`).to.equal('bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e');
      expect(`${(await client.add('hello world', { rawLeaves: true })).cid}`).to.equal(`${cid}`);
    });

    it('builds the tree of a larger file as the UnixFS specification says', async () => {
      const { cid, size } = await client.add(bytes, V1);
      const { block, leaves } = fileNode(bytes, 2 ** 20);
      expect(`${cid}`).to.equal(cidV1(0x70, block));
      expect(Buffer.compare(await client.block.get(cid), block)).to.equal(0);
      expect(size).to.equal(block.length + leaves.reduce((sum, leaf) => sum + leaf.length, 0));
    });

    it('honours each option of add by itself', async () => {
      const cids = new Set<string>();
      for (const option of [
        {},
        { cidVersion: 0 },
        { rawLeaves: false },
        { chunker: 'size-65536' },
        { maxFileLinks: 2 },
      ]) {
        cids.add(`${(await client.add(bytes, { ...V1, ...option } as typeof V1)).cid}`);
      }
      expect(cids.size).to.equal(5);
      const hashed = await client.add('only hashed, never stored', { ...V1, onlyHash: true });
      const held = await client.block.get(hashed.cid).then(
        () => true,
        () => false,
      );
      expect(held).to.equal(false);
      const loose = await client.add('not pinned', { ...V1, pin: false });
      expect(await pins(client)).not.to.include(`${loose.cid}`);
      const refused = await client.add('x', { ...V1, trickle: true }).catch((cause) => cause);
      expect(refused.message).to.contain('trickle');
    });

    it('streams a file in and parts of it out', async () => {
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
      }
      const { cid } = await client.add(chunks(), V1);
      expect(`${cid}`).to.equal(`${(await client.add(bytes, V1)).cid}`);
      expect(Buffer.compare(await all(client.cat(cid)), bytes)).to.equal(0);
      const part = await all(client.cat(cid, { offset: 1_048_570, length: 12 }));
      expect(Buffer.compare(part, bytes.subarray(1_048_570, 1_048_582))).to.equal(0);
    });

    it('adds a directory, lists it and reads a file in it by its path', async () => {
      const files = [
        { path: 'swarm/a.txt', content: text('bee') },
        { path: 'swarm/sub/b c.txt', content: text('honey') },
        { path: 'swarm/none' },
      ];
      const added: Record<string, string> = {};
      for await (const entry of client.addAll(files, V1)) added[entry.path] = `${entry.cid}`;
      expect(Object.keys(added).sort()).to.deep.equal([
        'swarm',
        'swarm/a.txt',
        'swarm/none',
        'swarm/sub',
        'swarm/sub/b c.txt',
      ]);
      const listed: [string, string, string, number][] = [];
      for await (const { name, type, cid, size } of client.ls(added.swarm)) listed.push([name, type, `${cid}`, size]);
      expect(listed).to.deep.equal([
        ['a.txt', 'file', added['swarm/a.txt'], 3],
        ['none', 'dir', added['swarm/none'], 0],
        ['sub', 'dir', added['swarm/sub'], 0],
      ]);
      expect(new TextDecoder().decode(await all(client.cat(`${added.swarm}/sub/b c.txt`)))).to.equal('honey');
      const missing = await all(client.cat(`${added.swarm}/sub/none`)).catch((cause) => cause);
      expect(missing.message).to.contain('no link named');
      expect(await pins(client))
        .to.include(added.swarm)
        .and.not.include(added['swarm/a.txt']);
    });

    it('wraps a file in a directory', async () => {
      const entries: [string, string][] = [];
      const options = { ...V1, wrapWithDirectory: true };
      for await (const { path: at, cid } of client.addAll([{ path: 'a.txt', content: text('bee') }], options)) {
        entries.push([at, `${cid}`]);
      }
      expect(entries.map(([at]) => at)).to.deep.equal(['a.txt', '']);
      expect(new TextDecoder().decode(await all(client.cat(`${entries[1][1]}/a.txt`)))).to.equal('bee');
    });

    it('pins, lists and unpins', async () => {
      const { cid } = await client.add('to be pinned', { ...V1, pin: false });
      expect(`${await client.pin.add(`${cid}`)}`).to.equal(`${cid}`);
      expect(await pins(client)).to.include(`${cid}`);
      const [named] = await list(client.pin.ls({ paths: [`${cid}`] }));
      expect([`${named.cid}`, named.type]).to.deep.equal([`${cid}`, 'recursive']);
      await client.pin.rm(`${cid}`);
      expect(await pins(client)).not.to.include(`${cid}`);
      const again = await client.pin.rm(`${cid}`).catch((cause) => cause);
      expect(again.message).to.contain('not pinned');
    });

    it('lists what is pinned below a root as indirect', async () => {
      const { cid } = await client.add(bytes, V1);
      const leaf = cidV1(0x55, bytes.subarray(0, 2 ** 20));
      const [found] = await list(client.pin.ls({ paths: [leaf] }));
      expect(found.type).to.equal('indirect');
      expect((await list(client.pin.ls({ type: 'indirect' }))).map((pin) => `${pin.cid}`)).to.include(leaf);
      await client.pin.rm(`${cid}`);
    });

    it('puts and gets blocks', async () => {
      const block = text('a block');
      // the former client and the current one name the codec differently
      const options = { format: 'raw', cidCodec: 'raw', mhtype: 'sha2-256', version: 1 };
      const cid = await client.block.put(block, options as unknown as Parameters<Client['block']['put']>[1]);
      expect(`${cid}`).to.equal(cidV1(0x55, block));
      expect(Buffer.compare(await client.block.get(`${cid}` as never), block)).to.equal(0);
      expect((await client.block.stat(`${cid}` as never)).size).to.equal(block.length);
    });

    it('moves a DAG to another node as a CAR', async () => {
      const { cid } = await client.add(bytes, V1);
      const elsewhere = await mkdtemp(path.join(tmpdir(), 'essaim-conformance-'));
      const other = await createNode({ dir: elsewhere });
      try {
        const roots = await list(connect(other.url).dag.import(client.dag.export(`${cid}` as never)));
        expect(roots.map(({ root }) => [`${root.cid}`, root.pinErrorMsg])).to.deep.equal([[`${cid}`, '']]);
        expect(Buffer.compare(await all(connect(other.url).cat(`${cid}`)), bytes)).to.equal(0);
        expect(await pins(connect(other.url))).to.deep.equal([`${cid}`]);
      } finally {
        await other.close();
        await rm(elsewhere, { recursive: true, force: true });
      }
    });

    it('imports no CAR with a block that is not what its CID says', async () => {
      const { cid } = await client.add('in a car', V1);
      const car = Buffer.from(await all(client.dag.export(`${cid}` as never)));
      car[car.length - 1] ^= 1;
      const failed = await list(client.dag.import(once(car))).catch((cause) => cause);
      expect(failed.message).to.contain('other bytes');
    });
  });
}

async function* once(value: Uint8Array) {
  yield value;
}

async function list<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return Buffer.concat(await list(chunks));
}

async function pins(client: Client): Promise<string[]> {
  return (await list(client.pin.ls({ type: 'recursive' }))).map(({ cid }) => `${cid}`);
}

/** CIDv1 with sha2-256 in base32, by its definition. */
function cidV1(codec: number, block: Uint8Array): string {
  const digest = createHash('sha256').update(block).digest();
  const binary = [1, codec, 0x12, 0x20, ...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = binary
    .match(/.{1,5}/g)!
    .map((bits) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(bits.padEnd(5, '0'), 2)]);
  return `b${digits.join('')}`;
}

/** The dag-pb node of a file with raw leaves, written by hand from the dag-pb and UnixFS specifications. */
function fileNode(content: Uint8Array, chunk: number) {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += chunk) leaves.push(content.subarray(at, at + chunk));
  const links = leaves.flatMap((leaf) => {
    const hash = [1, 0x55, 0x12, 0x20, ...createHash('sha256').update(leaf).digest()];
    return field(2, [...field(1, hash), ...field(2, []), 0x18, ...varint(leaf.length)]);
  });
  const sizes = leaves.flatMap((leaf) => [0x20, ...varint(leaf.length)]);
  const unixfs = [0x08, 2, 0x18, ...varint(content.length), ...sizes];
  return { block: Uint8Array.from([...links, ...field(1, unixfs)]), leaves };
}

function field(number: number, content: number[]): number[] {
  return [(number << 3) | 2, ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
