import { getBytes, hexlify } from 'ethers';
import { EssaimError } from '../errors.ts';

/** 32 bytes as 0x hex, lower case. */
export type Hash = string;
export const ZERO_HASH: Hash = `0x${'00'.repeat(32)}`;

/** Values of hex digits by their character code, 255 for others. */
const DIGITS = new Uint8Array(128).fill(255);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  for (const character of [digit, digit.toUpperCase()]) DIGITS[character.charCodeAt(0)] = value;
}

/** What ethers reads of lower and upper case hex, in a tenth of the time; null where it has to say what is wrong. */
function decoded(hex: string): Uint8Array | null {
  if (typeof hex !== 'string' || !hex.startsWith('0x') || hex.length % 2 !== 0) return null;
  const bytes = new Uint8Array(hex.length / 2 - 1);
  let digits = 0;
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [DIGITS[hex.charCodeAt(2 * i + 2)] ?? 255, DIGITS[hex.charCodeAt(2 * i + 3)] ?? 255];
    digits |= high | low;
    bytes[i] = high * 16 + low;
  }
  return digits < 16 ? bytes : null;
}

/** The bytes of a 0x hex string, which must have `size` bytes if a size is given. */
export function fromHex(hex: string, size?: number): Uint8Array {
  const bytes = decoded(hex) ?? getBytes(hex);
  if (size !== undefined && bytes.length !== size) {
    throw new EssaimError('BYTES_WRONG_LENGTH', `expected ${size} bytes, got ${bytes.length}: ${hex.slice(0, 80)}`, {
      help: 'Give the value as 0x hex of its full length.',
    });
  }
  return bytes;
}

/** Bytes as 0x hex. */
export const toHex = (bytes: Uint8Array): string => hexlify(bytes);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `value` as a big-endian unsigned integer of `size` bytes; throws `BYTES_OUT_OF_RANGE` where it does not fit. */
export function uint(value: number | bigint, size: number): Uint8Array {
  let rest = BigInt(value);
  if (rest < 0n || rest >> BigInt(8 * size) !== 0n) {
    throw new EssaimError('BYTES_OUT_OF_RANGE', `${value} does not fit in ${size} bytes`, {
      help: 'The tensor, program or batch is larger than the commitments allow.',
    });
  }
  const out = new Uint8Array(size);
  for (let i = size - 1; rest !== 0n; i--) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}

/** Reads big-endian fields one after the other; throws `BYTES_MALFORMED` at the end of the bytes. */
export class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  take(size: number): Uint8Array {
    if (size < 0 || this.at + size > this.bytes.length) {
      throw new EssaimError('BYTES_MALFORMED', `${size} bytes wanted at ${this.at} of ${this.bytes.length}`, {
        help: 'The bytes are cut off or are not of the expected kind.',
      });
    }
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  uint(size: number): number {
    return this.take(size).reduce((n, byte) => n * 256 + byte, 0);
  }

  hash(): Hash {
    return toHex(this.take(32));
  }

  /** Throws unless every byte was read. */
  end(): void {
    if (this.at !== this.bytes.length) {
      throw new EssaimError('BYTES_MALFORMED', `${this.bytes.length - this.at} bytes are left over at ${this.at}`, {
        help: 'The bytes are longer than what they encode.',
      });
    }
  }
}
