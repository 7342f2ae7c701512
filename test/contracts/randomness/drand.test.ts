import { bn254 } from '@noble/curves/bn254.js';
import { expect } from 'chai';
import { EVMNET } from '../../../scripts/lib/drand.ts';
import { randomBytes as bytesOf, random } from '../../random.ts';
import { connection } from '../connection.ts';
import { encodeG1, hashToCurve, hashToField, mapToCurve, messageOf, networkOf, TAG } from './drand.ts';

const { ethers, networkHelpers } = connection;
const P = bn254.fields.Fp.ORDER;
const ORDER = bn254.fields.Fr.ORDER;

const SECRET = 0x1234_5678_9abc_def0_1111_2222_3333_4444_5555n;
const OTHER = 0xfeed_beefn;
const PERIOD = 3n;
const MARGIN = 30n;
const LIFETIME = 3_600n;

async function deployed() {
  const own = networkOf(SECRET);
  const genesis = BigInt(await networkHelpers.time.latest()) - 1_000n;
  const args = [genesis, PERIOD, own.key, TAG, MARGIN, LIFETIME] as const;
  const drand = await ethers.deployContract('DrandRandomness', [...args]);
  const harness = await ethers.deployContract('HashToG1__Harness');
  const round = await drand.next();
  return { drand, harness, own, genesis, args, round };
}

const point = ({ x, y }: { x: bigint; y: bigint }) => ({ x, y });
const randomBytes = (seed: number, size: number) => bytesOf(random(seed), size);
const words = (...numbers: bigint[]) => ethers.concat(numbers.map((it) => ethers.toBeHex(it, 32)));

describe('Hash to G1', () => {
  it('expands messages of any length and tags up to 255 bytes as its twin does', async () => {
    const { harness } = await networkHelpers.loadFixture(deployed);
    for (const [size, tagSize] of [
      [0, 1],
      [1, 43],
      [32, 43],
      [135, 64],
      [136, 255],
      [300, 31],
    ]) {
      const [message, tag] = [randomBytes(size + 1, size), randomBytes(size + 2, tagSize)];
      expect([...(await harness.elements(message, tag))], `${size}`).to.deep.equal(hashToField(message, tag));
    }
  });

  it('maps the edges of the field and random elements to its twin’s points, by each of the three candidates', async () => {
    const { harness } = await networkHelpers.loadFixture(deployed);
    const random = Array.from({ length: 24 }, (_, i) => BigInt(ethers.hexlify(randomBytes(i, 32))) % P);
    // 1 − 4u² = 0 has no inverse to map by: it counts as zero.
    const exceptional = [bn254.fields.Fp.inv(2n), P - bn254.fields.Fp.inv(2n)];
    const candidates = new Set<number>();
    for (const u of [0n, 1n, 2n, P - 1n, P - 2n, (P - 1n) / 2n, (P + 1n) / 2n, ...exceptional, ...random]) {
      const mapped = point(await harness.map(u));
      expect(mapped, `${u}`).to.deep.equal(point(mapToCurve(u).toAffine()));
      candidates.add(candidateOf(u, mapped.x));
    }
    expect([...candidates].sort()).to.deep.equal([0, 1, 2]);
  });

  it('gives the twin’s point for random messages, on the curve', async () => {
    const { harness } = await networkHelpers.loadFixture(deployed);
    for (let i = 0; i < 8; i++) {
      const message = randomBytes(i + 100, 32);
      const hashed = hashToCurve(message);
      hashed.assertValidity();
      expect(point(await harness.hash(message, TAG))).to.deep.equal(point(hashed.toAffine()));
    }
  });
});

/** Which candidate of the map x is, by the parity-free formulas of the twin. */
function candidateOf(u: bigint, x: bigint): number {
  const { Fp } = bn254.fields;
  const half = Fp.div(P - 1n, 2n);
  const shift = Fp.sub(x, half);
  const g = Fp.sub(1n, Fp.mul(4n, Fp.mul(u, u)));
  const plus = Fp.add(1n, Fp.mul(4n, Fp.mul(u, u)));
  const product = Fp.mul(g, plus);
  const inverse = product === 0n ? 0n : Fp.inv(product);
  const root = Fp.sqrt(P - 12n);
  const c3 = root % 2n === 0n ? root : P - root;
  const step = Fp.mul(Fp.mul(Fp.mul(u, g), inverse), c3);
  if (shift === Fp.neg(step)) return 0;
  return shift === step ? 1 : 2;
}

describe('Randomness of drand', () => {
  it('records the right signature of a round, once, for anybody; its value is sha256 of it', async () => {
    const { drand, own, round } = await networkHelpers.loadFixture(deployed);
    const [, anybody] = await ethers.getSigners();
    await networkHelpers.time.increaseTo(await drand.timeOf(round));
    expect(await drand.status(round)).to.equal(0n);
    await expect(drand.value(round)).to.be.revertedWithCustomError(drand, 'Randomness_Unknown');
    const signature = own.sign(round);
    const value = ethers.sha256(signature);
    await expect(drand.connect(anybody).record(round, signature)).to.emit(drand, 'Recorded').withArgs(round, value);
    expect(await drand.value(round)).to.equal(value);
    expect(await drand.status(round)).to.equal(1n);
    await expect(drand.record(round, signature)).to.be.revertedWithCustomError(drand, 'Randomness_Recorded');
  });

  // As drand publishes them at /public/<round> of the chain 04f1e906…6ec8c3, evmnet.
  const PUBLISHED = [
    {
      round: 1n,
      signature:
        '0x11f812d738a36b2210dc88c2d635ad8039588205f42445d6de09e6530165c3462a23aca348c84badcf8df5321ac24577b7963d5b0d780bc4626baedb45cde373',
      randomness: '0x781b75698adc3af62cfa55db83cf0c73ae54e1ac8c0d4c3a2224126b65369ec5',
    },
    {
      round: 9_337_227n,
      signature:
        '0x01d65d6128f4b2df3d08de85543d8efe06b0281d0770246ae3672e8ddd3efda0269373123458f0b5c0073eeed1c816a06809e127421513e34ee07df6987910b3',
      randomness: '0xa1e645cd6193837f626716851f5c42ad4bf63ad75193b2cae40f88c08c8f3bd8',
    },
  ];
  for (const { round, signature, randomness } of PUBLISHED) {
    it(`takes round ${round} of drand’s evmnet as it was published`, async () => {
      const { genesis, period, key, tag } = EVMNET;
      const drand = await ethers.deployContract('DrandRandomness', [genesis, period, key, tag, 30n, 2n ** 32n - 1n]);
      await drand.record(round, signature);
      expect(await drand.value(round)).to.equal(randomness);
      await expect(drand.record(round + 1n, signature)).to.be.revertedWithCustomError(
        drand,
        'DrandRandomness_Signature',
      );
    });
  }

  it('names the first round that lies the margin ahead, and the first of all before the network begins', async () => {
    const { drand, genesis, args } = await networkHelpers.loadFixture(deployed);
    for (let i = 0n; i < 4n; i++) {
      await networkHelpers.mine();
      const now = BigInt(await networkHelpers.time.latest());
      const round = await drand.next();
      expect((await drand.timeOf(round)) >= now + MARGIN).to.equal(true);
      expect((await drand.timeOf(round - 1n)) < now + MARGIN).to.equal(true);
    }
    expect(await drand.timeOf(1n)).to.equal(genesis);
    const later = await ethers.deployContract('DrandRandomness', [genesis + 100_000n, ...args.slice(1)]);
    expect(await later.next()).to.equal(1n);
  });

  it('refuses another round’s signature, another key’s, another tag’s, and any other point or bytes', async () => {
    const { drand, own, round } = await networkHelpers.loadFixture(deployed);
    await networkHelpers.time.increaseTo(await drand.timeOf(round + 1n));
    const right = hashToCurve(messageOf(round)).multiply(SECRET);
    const { x, y } = right.toAffine();
    const G = bn254.G1.ProjectivePoint.BASE;
    const wrong: Record<string, string> = {
      'the next round': own.sign(round + 1n),
      'another key': networkOf(OTHER).sign(round),
      'another tag': own.sign(round, ethers.toUtf8Bytes('BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_POP_')),
      'the message itself': encodeG1(hashToCurve(messageOf(round))),
      'the negative point': encodeG1(right.negate()),
      'a point beside it': encodeG1(right.add(G)),
      'its double': encodeG1(right.double()),
      infinity: words(0n, 0n),
      'off the curve': words(x, (y + 1n) % P),
      'x beyond the field': words(x + P, y),
      'y beyond the field': words(x, y + P),
      'both beyond it': words(x + P, y + P),
      'a word less': words(x),
      'a byte less': ethers.dataSlice(encodeG1(right), 0, 63),
      'a byte more': ethers.concat([encodeG1(right), '0x00']),
      nothing: '0x',
    };
    for (const [name, proof] of Object.entries(wrong)) {
      await expect(drand.record(round, proof), name).to.be.revertedWithCustomError(drand, 'DrandRandomness_Signature');
    }
    await drand.record(round, encodeG1(right));
  });

  it('takes no signature before its round’s time, and none after its lifetime: what is expired stays so', async () => {
    const { drand, own, round } = await networkHelpers.loadFixture(deployed);
    const signature = own.sign(round);
    const time = await drand.timeOf(round);
    const refused = () =>
      expect(drand.record(round, signature)).to.be.revertedWithCustomError(drand, 'DrandRandomness_Time');
    await networkHelpers.time.setNextBlockTimestamp(time - 1n);
    await refused();
    const before = await networkHelpers.takeSnapshot();
    await networkHelpers.time.setNextBlockTimestamp(time + LIFETIME);
    await drand.record(round, signature);
    await before.restore();
    await networkHelpers.time.increaseTo(time + LIFETIME);
    expect(await drand.status(round)).to.equal(0n);
    await refused();
    await networkHelpers.mine();
    for (let i = 0; i < 3; i++) {
      expect(await drand.status(round)).to.equal(2n);
      await refused();
      await expect(drand.value(round)).to.be.revertedWithCustomError(drand, 'Randomness_Unknown');
      await networkHelpers.time.increase(86_400);
    }
  });

  it('knows no round zero and none beyond 64 bits, whose message would be another round’s', async () => {
    const { drand, own, round } = await networkHelpers.loadFixture(deployed);
    await networkHelpers.time.increaseTo(await drand.timeOf(round));
    for (const none of [0n, round + 2n ** 64n, 2n ** 256n - 1n]) {
      for (const call of [
        () => drand.record(none, own.sign(round)),
        () => drand.timeOf(none),
        () => drand.status(none),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(drand, 'DrandRandomness_Round');
      }
    }
    await expect(drand.value(0n)).to.be.revertedWithCustomError(drand, 'Randomness_Unknown');
  });

  it('is not deployed with a key that is infinity, off the curve or outside the group, nor without a period or tag', async () => {
    const { drand, args, own } = await networkHelpers.loadFixture(deployed);
    const factory = await ethers.getContractFactory('DrandRandomness');
    const deploy = (at: number, value: unknown) =>
      factory.deploy(...(args.with(at, value as never) as unknown as typeof args));
    const none = { xIm: 0n, xRe: 0n, yIm: 0n, yRe: 0n };
    await expect(deploy(2, none)).to.be.revertedWithCustomError(drand, 'DrandRandomness_Key');
    const outside = pointOutsideGroup();
    for (const key of [{ ...own.key, yRe: own.key.yRe ^ 1n }, { ...own.key, xRe: own.key.xRe + P }, outside]) {
      await expect(deploy(2, key)).to.be.revertedWithCustomError(drand, 'Bn254_Precompile');
    }
    for (const [at, value] of [
      [1, 0n],
      [3, '0x'],
      [3, randomBytes(1, 65)],
    ] as const) {
      await expect(deploy(at, value)).to.be.revertedWithCustomError(drand, 'DrandRandomness_Network');
    }
    for (const tag of [randomBytes(2, 1), randomBytes(3, 64)]) {
      const short = await factory.deploy(args[0], PERIOD, own.key, tag, MARGIN, LIFETIME);
      const round = await short.next();
      await networkHelpers.time.increaseTo(await short.timeOf(round));
      await short.record(round, own.sign(round, tag));
    }
  });
});

/** A point of the twist that is not of the group whose order is G1's. */
function pointOutsideGroup() {
  const { Fp2 } = bn254.fields;
  const { G2 } = bn254;
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]));
  for (let i = 1n; ; i++) {
    const x = Fp2.fromBigTuple([i, 0n]);
    let y: typeof x;
    try {
      y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b));
    } catch {
      continue;
    }
    if (
      G2.ProjectivePoint.fromAffine({ x, y })
        .multiplyUnsafe(ORDER - 1n)
        .negate()
        .equals(G2.ProjectivePoint.fromAffine({ x, y }))
    ) {
      continue;
    }
    return { xIm: x.c1, xRe: x.c0, yIm: y.c1, yRe: y.c0 };
  }
}
