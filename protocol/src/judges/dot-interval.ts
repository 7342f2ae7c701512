import type { Factors } from './dot-chain.ts';
import { type ExactSums, exactSums, quantumExponent } from './dot-exact.ts';
import { numberOfBits } from './float32.ts';
import type { Permitted, Verdict } from './judge.ts';

/** Terms that one 256-bit word can add up exactly. */
export const MAX_TERMS = 1 << 15;
const U = 2 ** -24;

/**
 * What the dot product of binary32 arrays may be, as the contract has it: no width where every order is exact, else
 * the exact sum ± c · 2^-24 · Σ|ab| and 2 · 2^-126 a term, permitted within the sharp c and void within the contract's.
 * `a` and `b` are bits, as many as there are terms; `factors` are those of both tiers;
 * `clipped`: some of a's zeros stand for padding.
 *
 * Sums in binary64 decide all but the claims next to an edge; those, and infinities, are left to exact integers.
 */
export function dotInterval(a: Uint32Array, b: Uint32Array, factors: Factors, clipped = false): Permitted {
  const scan = screen(a, b);
  if (scan.special) return specialResults(a, b, clipped);
  let sums: ExactSums | undefined;
  const exact = (): ExactSums => {
    sums ??= exactSums(a, b, factors);
    return sums;
  };
  // where no order rounds, binary64 does not either
  const noWidth =
    !scan.subnormal &&
    (scan.total === 0 || (!factors.rounded && scan.total <= scan.quantum * 2 ** 24 && scan.quantum >= 2 ** -126));
  return {
    verdict(claimed) {
      if (claimed >> 32n !== 0n) return 'convicted';
      const bits = Number(claimed);
      const value = numberOfBits(bits);
      if (Number.isFinite(value)) {
        if (noWidth) return value === scan.sum ? 'permitted' : 'convicted';
        const quick = scan.subnormal ? undefined : quickVerdict(scan, a.length, factors, value);
        if (quick) return quick;
      }
      return exact().verdict(bits);
    },
    describe() {
      if (noWidth) return `exactly ${scan.sum}`;
      const [low, high] = exact().interval();
      return low === high ? `exactly ${low}` : `between ${low} and ${high}`;
    },
  };
}

interface Scan {
  sum: number;
  /** Sum of magnitudes. */
  total: number;
  /** Lowest set bit of all products, as a number. */
  quantum: number;
  special: boolean;
  subnormal: boolean;
}

function screen(a: Uint32Array, b: Uint32Array): Scan {
  const x = new Float32Array(a.buffer, a.byteOffset, a.length);
  const y = new Float32Array(b.buffer, b.byteOffset, b.length);
  const scan: Scan = { sum: 0, total: 0, quantum: 0, special: false, subnormal: false };
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const ea = (a[i] >>> 23) & 0xff;
    const eb = (b[i] >>> 23) & 0xff;
    if (ea === 255 || eb === 255) scan.special = true;
    if ((ea === 0 && x[i] !== 0) || (eb === 0 && y[i] !== 0)) scan.subnormal = true;
    const product = x[i] * y[i];
    if (product === 0) continue;
    scan.sum += product;
    scan.total += Math.abs(product);
    const low = quantumExponent(a[i]) + quantumExponent(b[i]);
    if (low < lowest) lowest = low;
  }
  scan.quantum = lowest === Number.POSITIVE_INFINITY ? 0 : 2 ** lowest;
  return scan;
}

/** A verdict that the error of binary64 sums cannot change, if there is one. */
function quickVerdict(scan: Scan, terms: number, { sharp, contract }: Factors, claimed: number): Verdict | undefined {
  const distance = Math.abs(claimed - scan.sum);
  const error = terms * 2 ** -51 * scan.total;
  if (distance + error < sharp * U * scan.total) return 'permitted';
  const wide = contract * U * scan.total + terms * 2 ** -124;
  return distance - error > wide * (1 + 2 ** -20) ? 'convicted' : undefined;
}

/** Some operand is infinite or NaN: which results IEEE arithmetic can give, in any order. */
function specialResults(a: Uint32Array, b: Uint32Array, clipped: boolean): Permitted {
  let mustNaN = false;
  let mayNaN = false;
  const infinite = [false, false];
  const large = [false, false];
  for (let i = 0; i < a.length; i++) {
    const magnitudes = [a[i] & 0x7fffffff, b[i] & 0x7fffffff];
    if (clipped && magnitudes[0] === 0 && magnitudes[1] >= 0x7f800000) {
      return { verdict: () => 'permitted', describe: () => 'anything: padding meets an infinite weight' };
    }
    const [low, high] = magnitudes[0] < magnitudes[1] ? magnitudes : magnitudes.toReversed();
    const negative = (a[i] ^ b[i]) >>> 31;
    if (high < 0x7f800000) {
      if ((low >>> 23) + (high >>> 23) >= 364) large[negative] = true;
    } else if (high > 0x7f800000 || low === 0) {
      mustNaN = true;
    } else {
      infinite[negative] = true;
      if (low < 0x800000) mayNaN = true;
    }
  }
  if (infinite[0] && infinite[1]) mustNaN = true;
  if ((infinite[0] && large[1]) || (infinite[1] && large[0])) mayNaN = true;
  const permitted = new Map<bigint, string>();
  if (!mustNaN) permitted.set(infinite[0] ? 0x7f800000n : 0xff800000n, infinite[0] ? 'Infinity' : '-Infinity');
  if (mustNaN || mayNaN) permitted.set(0x7fc00000n, 'NaN');
  return {
    verdict: (claimed) => (permitted.has(claimed) ? 'permitted' : 'convicted'),
    describe: () => [...permitted.values()].join(' or '),
  };
}
