import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  type Contents,
  cidOfFile,
  decodeManifest,
  encodeManifest,
  makeSealingKey,
  open,
  type SealingKey,
  StorageError,
  seal,
  sealedContents,
  sealedLength,
  sealingKey,
  sealParts,
} from '../src/index.ts';
import { publicHalf, sender } from './plain-hpke.ts';

const MiB = 1024 * 1024;
const HEADER = 79;
const CHUNK = MiB + 16;
const VECTORS = new URL('./vectors/sealed.json', import.meta.url);
const info = Buffer.from('a job');

/** Bytes by a rule that a reader of the vectors can follow: i · 31 + ⌊i / 1,024⌋, modulo 256. */
const patterned = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 10)) & 255);
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    expect(error).to.be.instanceOf(StorageError);
    return (error as StorageError).code;
  }
  throw new Error('it opened');
}

describe('A sealed envelope', () => {
  let key: SealingKey;
  let plain: Uint8Array;
  let envelope: Uint8Array;
  const chunk = (i: number) => envelope.subarray(HEADER + i * CHUNK, HEADER + (i + 1) * CHUNK);
  const made = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  /** The header with another count. */
  const counting = (count: number) => {
    const header = envelope.slice(0, HEADER);
    new DataView(header.buffer).setUint32(11, count);
    return header;
  };
  const refused = (bytes: Uint8Array) => codeOf(open(key.privateKey, info, bytes));

  before(async () => {
    key = await makeSealingKey();
    plain = patterned(2 * MiB + 5);
    envelope = await seal({ publicKey: key.publicKey, info }, plain);
  });

  it('opens to what was sealed, whatever its length, as a whole or part by part', async () => {
    for (const length of [0, 1, 1_000, MiB - 1, MiB, MiB + 1]) {
      const bytes = patterned(length);
      const parts: Uint8Array[] = [];
      for await (const part of sealParts({ publicKey: key.publicKey, info }, bytes)) parts.push(part);
      expect(parts.length).to.equal(1 + Math.max(1, Math.ceil(length / MiB)));
      const sealed = made(...parts);
      expect(sealed.length).to.equal(sealedLength(length));
      expect(Buffer.compare(await open(key.privateKey, info, sealed), bytes)).to.equal(0);
    }
    expect(Buffer.compare(await open(key.privateKey, info, envelope), plain)).to.equal(0);
  });

  it('shows nothing of what it holds, nor that two hold the same', async () => {
    expect(Buffer.from(envelope).includes(Buffer.from(plain.subarray(0, 16)))).to.equal(false);
    const again = await seal({ publicKey: key.publicKey, info }, plain);
    expect(Buffer.compare(again.subarray(47), envelope.subarray(47))).to.not.equal(0);
  });

  it('does not open cut short: at a chunk’s end or inside one, whatever its header is made to say', async () => {
    for (const length of [0, 10, HEADER, HEADER + CHUNK, HEADER + 2 * CHUNK, HEADER + 2 * CHUNK + 16]) {
      expect(await refused(envelope.slice(0, length)), `${length}`).to.equal('SEALED_MALFORMED');
    }
    expect(await refused(envelope.slice(0, -1))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(2), chunk(0), chunk(1)))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(1), chunk(0)))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(3), chunk(0), chunk(1), chunk(2).subarray(0, 20)))).to.equal('SEALED_FORGED');
  });

  it('does not open with chunks in another order, twice, left out or appended', async () => {
    const [a, b, c] = [chunk(0), chunk(1), chunk(2)];
    expect(await refused(made(counting(3), b, a, c))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(3), a, a, c))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(2), a, c))).to.equal('SEALED_FORGED');
    expect(await refused(made(counting(4), a, b, b, c))).to.equal('SEALED_FORGED');
    expect(await refused(made(envelope, c))).to.equal('SEALED_FORGED');
    expect(await refused(made(envelope, a))).to.equal('SEALED_MALFORMED');
    const other = await seal({ publicKey: key.publicKey, info }, plain);
    expect(await refused(made(counting(3), a, other.subarray(HEADER + CHUNK, HEADER + 2 * CHUNK), c))).to.equal(
      'SEALED_FORGED',
    );
    expect(await refused(made(counting(4), a, b, chunk(1), other.subarray(HEADER + 2 * CHUNK)))).to.equal(
      'SEALED_FORGED',
    );
  });

  it('does not open with any bit of it turned', async () => {
    const small = await seal({ publicKey: key.publicKey, info }, patterned(3));
    for (let bit = 0; bit < small.length * 8; bit++) {
      const turned = small.slice();
      turned[bit >> 3] ^= 1 << (bit & 7);
      expect(await refused(turned), `bit ${bit}`).to.be.oneOf([
        'SEALED_MALFORMED',
        'SEALED_OTHER_KEY',
        'SEALED_FORGED',
      ]);
    }
    for (const at of [HEADER, HEADER + CHUNK - 1, HEADER + CHUNK, envelope.length - 1]) {
      const turned = envelope.slice();
      turned[at] ^= 1;
      expect(await refused(turned)).to.equal('SEALED_FORGED');
    }
  });

  it('opens for its recipient only, and about its own matter only', async () => {
    const stranger = await makeSealingKey();
    expect(await codeOf(open(stranger.privateKey, info, envelope))).to.equal('SEALED_OTHER_KEY');
    expect(await codeOf(open(key.privateKey, Buffer.from('another job'), envelope))).to.equal('SEALED_FORGED');
    const readdressed = envelope.slice();
    readdressed.set(createHash('sha256').update(stranger.publicKey).digest(), 15);
    expect(await codeOf(open(stranger.privateKey, info, readdressed))).to.equal('SEALED_FORGED');
  });

  it('is told from bytes that are none, and from keys that are none', async () => {
    for (const length of [0, 1, 79, 95, 4_000])
      expect(await refused(new Uint8Array(length))).to.equal('SEALED_MALFORMED');
    for (let i = 0; i < 100; i++) {
      const garbage = randomBytes(200);
      expect(await refused(garbage)).to.equal('SEALED_MALFORMED');
    }
    expect(await codeOf(seal({ publicKey: new Uint8Array(31), info }, plain))).to.equal('SEALED_KEY_INVALID');
    expect(await codeOf(open(new Uint8Array(33), info, envelope))).to.equal('SEALED_KEY_INVALID');
    // a point of small order leads to no secret
    expect(await codeOf(seal({ publicKey: new Uint8Array(32), info }, plain))).to.equal('SEALED_KEY_INVALID');
  });

  it('is the same as ever for the same keys: the committed vectors, which RFC 9180 written anew gives too', async () => {
    const vectors = JSON.parse(readFileSync(VECTORS, 'utf8'));
    for (const vector of vectors.cases) {
      const [recipient, ephemeral] = [bytesOf(vectors.recipient), bytesOf(vectors.ephemeral)];
      const bytes = patterned(vector.length);
      const about = Buffer.from(vector.info);
      const own = await sealingKey(recipient);
      expect(hexOf(own.publicKey)).to.equal(hexOf(publicHalf(recipient)));
      const sealed = await seal({ publicKey: own.publicKey, info: about }, bytes, await sealingKey(ephemeral));

      const { enc, seal: sealChunk } = sender(ephemeral, own.publicKey, about);
      const count = Math.max(1, Math.ceil(vector.length / MiB));
      const header = Buffer.concat([
        Buffer.from('01002000010002', 'hex'),
        ...[MiB, count].map((n) => Buffer.from(n.toString(16).padStart(8, '0'), 'hex')),
        createHash('sha256').update(own.publicKey).digest(),
        enc,
      ]);
      const chunks = Array.from({ length: count }, (_, i) => {
        const place = Buffer.alloc(5);
        place.writeUInt32BE(i);
        place[4] = i === count - 1 ? 1 : 0;
        return sealChunk(i, bytes.subarray(i * MiB, (i + 1) * MiB), Buffer.concat([header, place]));
      });
      expect(Buffer.compare(Buffer.concat([header, ...chunks]), sealed)).to.equal(0);

      if (process.env.VECTORS === 'write') vector.sha256 = sha256(sealed);
      if (process.env.VECTORS === 'write' && vector.length < 100) vector.envelope = hexOf(sealed);
      expect(sha256(sealed)).to.equal(vector.sha256);
      if (vector.envelope) expect(hexOf(sealed)).to.equal(vector.envelope);
      expect(Buffer.compare(await open(recipient, about, sealed), bytes)).to.equal(0);
    }
    if (process.env.VECTORS === 'write') writeFileSync(VECTORS, `${JSON.stringify(vectors, null, 2)}\n`);
  });
});

describe('Sealed contents', () => {
  const blocks = new Map<string, Uint8Array>();
  const values = new Map<string, unknown>();
  /** What a public storage would see. */
  const seen: Contents = {
    async put(content) {
      const cid = await cidOfFile(content as Uint8Array);
      blocks.set(cid, content as Uint8Array);
      return cid;
    },
    async get(cid, { maxBytes = Number.POSITIVE_INFINITY } = {}) {
      const bytes = blocks.get(cid)!;
      if (bytes.length > maxBytes) throw new StorageError('STORAGE_TOO_LARGE', 'too large', { help: '' });
      return bytes;
    },
    async putManifest(value) {
      const digest = `0x${sha256(encodeManifest(value))}`;
      values.set(digest, decodeManifest(encodeManifest(value)));
      return { cid: digest, digest };
    },
    async getManifest(reference) {
      return values.get(reference);
    },
  };
  const secret = Buffer.from('nobody reads this but whom it is for');

  it('are read by who holds the key, and by nobody in storage', async () => {
    const key = await makeSealingKey();
    const contents = sealedContents(seen, key, info);
    const cid = await contents.put(secret);
    const { digest } = await contents.putManifest({ kind: 'note', secret: new Uint8Array(secret) });
    const streamed = await contents.put(
      (async function* () {
        yield secret.subarray(0, 7);
        yield secret.subarray(7);
      })(),
    );
    for (const file of [cid, streamed]) {
      expect(Buffer.compare(await contents.get(file, { maxBytes: secret.length }), secret)).to.equal(0);
      expect(Buffer.from(await contents.get(file, { offset: 7, length: 5 })).toString()).to.equal('reads');
      expect(Buffer.from(await contents.get(file, { offset: 30 })).toString()).to.equal('is for');
    }
    expect(await contents.getManifest(digest)).to.deep.equal({ kind: 'note', secret: new Uint8Array(secret) });
    const all = [...blocks.values(), ...[...values.values()].map(encodeManifest)].map((it) => Buffer.from(it));
    expect(all.some((bytes) => bytes.includes('reads') || bytes.includes('note'))).to.equal(false);
  });

  it('keep to their bounds, and take nothing that is not sealed', async () => {
    const contents = sealedContents(seen, await makeSealingKey(), info);
    const cid = await contents.put(secret);
    expect(await codeOf(contents.put(secret, { maxBytes: 10 }))).to.equal('STORAGE_TOO_LARGE');
    expect(await codeOf(contents.get(cid, { maxBytes: secret.length - 1 }))).to.equal('STORAGE_TOO_LARGE');
    expect(await codeOf(contents.get(await seen.put(secret)))).to.equal('SEALED_MALFORMED');
    for (const value of [{ kind: 'note' }, null, 7, { kind: 'essaim/sealed/1', sealed: 'x' }]) {
      const { digest } = await seen.putManifest(value);
      expect(await codeOf(contents.getManifest(digest))).to.equal('SEALED_MALFORMED');
    }
  });
});
