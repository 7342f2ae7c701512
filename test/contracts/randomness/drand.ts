import { bn254 } from '@noble/curves/bn254.js';
import { concat, getBytes, keccak256, toBeHex, toUtf8Bytes } from 'ethers';

/** The second half of what contracts/randomness does, from RFC 9380 and drand's scheme alone, with keys of the test's own. */

const P = bn254.fields.Fp.ORDER;
const { G1, G2, fields } = bn254;

/** Domain separation tag of drand's scheme bls-bn254-unchained-on-g1. */
export const TAG = toUtf8Bytes('BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_');

type Point = typeof G1.ProjectivePoint.BASE;

const mod = (a: bigint): bigint => ((a % P) + P) % P;
const word = (a: bigint): string => toBeHex(a, 32);
const square = (a: bigint): boolean => a === 0n || fields.Fp.pow(a, (P - 1n) / 2n) === 1n;
const curve = (x: bigint): bigint => mod(x ** 3n + 3n);

/** RFC 9380, 5.3.1, with keccak256. */
export function expandMessage(message: Uint8Array, tag: Uint8Array, length: number): Uint8Array {
  const suffix = concat([tag, new Uint8Array([tag.length])]);
  const first = keccak256(
    concat([new Uint8Array(136), message, new Uint8Array([length >> 8, length & 255, 0]), suffix]),
  );
  const blocks = [keccak256(concat([first, '0x01', suffix]))];
  while (blocks.length * 32 < length) {
    const mixed = toBeHex(BigInt(first) ^ BigInt(blocks.at(-1)!), 32);
    blocks.push(keccak256(concat([mixed, new Uint8Array([blocks.length + 1]), suffix])));
  }
  return getBytes(concat(blocks)).slice(0, length);
}

/** RFC 9380, 5.2: two elements of the field, of 48 bytes each. */
export function hashToField(message: Uint8Array, tag: Uint8Array): [bigint, bigint] {
  const bytes = Buffer.from(expandMessage(message, tag, 96)).toString('hex');
  return [mod(BigInt(`0x${bytes.slice(0, 96)}`)), mod(BigInt(`0x${bytes.slice(96)}`))];
}

/** RFC 9380, F.1, step by step, with Z = 1. */
export function mapToCurve(u: bigint): Point {
  const { Fp } = fields;
  const z = 1n;
  const c1 = curve(z);
  const c2 = Fp.div(mod(-z), 2n);
  const root = Fp.sqrt(mod(-c1 * 3n * z * z));
  const c3 = root % 2n === 0n ? root : P - root;
  const c4 = Fp.div(mod(-4n * c1), 3n * z * z);
  const tv1 = mod(u * u * c1);
  const tv2 = mod(1n + tv1);
  const tv3 = mod(1n - tv1);
  const product = mod(tv2 * tv3);
  const tv4 = product === 0n ? 0n : Fp.inv(product);
  const tv5 = mod(u * tv3 * tv4 * c3);
  const candidates = [mod(c2 - tv5), mod(c2 + tv5), mod(z + c4 * mod(tv2 * tv2 * tv4) ** 2n)];
  const x = candidates.find((it) => square(curve(it)))!;
  const y = Fp.sqrt(curve(x));
  return G1.ProjectivePoint.fromAffine({ x, y: y % 2n === u % 2n ? y : P - y });
}

export function hashToCurve(message: Uint8Array, tag: Uint8Array = TAG): Point {
  const [u, v] = hashToField(message, tag);
  return mapToCurve(u).add(mapToCurve(v));
}

/** What drand signs for a round. */
export function messageOf(round: bigint): Uint8Array {
  return getBytes(keccak256(toBeHex(round, 8)));
}

export function encodeG1(point: Point): string {
  const { x, y } = point.toAffine();
  return concat([word(x), word(y)]);
}

/** A network with one secret key. */
export function networkOf(secret: bigint) {
  const { x, y } = G2.ProjectivePoint.BASE.multiply(secret).toAffine();
  return {
    key: { xIm: x.c1, xRe: x.c0, yIm: y.c1, yRe: y.c0 },
    sign: (round: bigint, tag = TAG): string => encodeG1(hashToCurve(messageOf(round), tag).multiply(secret)),
  };
}
