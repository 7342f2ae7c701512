type Next = () => number;

/** A kind of operands: rows of one and columns of the other, each `terms` numbers that are multiplied and added. */
export interface Pattern {
  readonly name: string;
  /** Natural data is what networks meet; the other kinds are chosen to make honest kernels err. */
  readonly natural: boolean;
  row(terms: number, next: Next): Float32Array;
  column(terms: number, next: Next): Float32Array;
}

/** A normal number. */
const normal = (next: Next): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const each = (terms: number, at: (k: number) => number): Float32Array =>
  Float32Array.from({ length: terms }, (_, k) => at(k));

/** Pairs of terms, the second made from the first. */
function pairs(terms: number, first: () => number, second: (x: number) => number): Float32Array {
  let last = 0;
  return each(terms, (k) => {
    last = k % 2 === 0 ? first() : second(last);
    return last;
  });
}

/** Structured rows against columns of ones: the rounding of every partial sum is the pattern's. */
const structured = (name: string, at: (k: number, terms: number) => number): Pattern => ({
  name,
  natural: false,
  row: (terms) => each(terms, (k) => at(k, terms)),
  column: (terms) => new Float32Array(terms).fill(1),
});

const LARGE = 2 ** 24;

const NATURAL: readonly Pattern[] = [
  {
    name: 'random',
    natural: true,
    row: (terms, next) => each(terms, () => normal(next)),
    column: (terms, next) => each(terms, () => 0.05 * normal(next)),
  },
  {
    name: 'positive',
    natural: true,
    row: (terms, next) => each(terms, () => Math.abs(normal(next))),
    column: (terms, next) => each(terms, () => Math.abs(0.05 * normal(next))),
  },
  {
    name: 'cancelling',
    natural: true,
    row: (terms, next) =>
      pairs(
        terms,
        () => normal(next),
        (x) => -x,
      ),
    column: (terms, next) =>
      pairs(
        terms,
        () => normal(next),
        (x) => x * (1 + 1e-3 * normal(next)),
      ),
  },
  {
    // Student's t with two degrees of freedom: no finite variance
    name: 'heavy-tailed',
    natural: true,
    row: (terms, next) => each(terms, () => normal(next) / Math.sqrt(-Math.log(1 - next()))),
    column: (terms, next) => each(terms, () => (0.05 * normal(next)) / Math.sqrt(-Math.log(1 - next()))),
  },
];

const ADVERSARIAL: readonly Pattern[] = [
  structured('one large, first', (k) => (k === 0 ? LARGE : 1)),
  structured('one large, middle', (k, terms) => (k === terms >> 1 ? LARGE : 1)),
  structured('large and its opposite', (k, terms) => (k === 0 ? LARGE : k === terms - 1 ? -LARGE : 1)),
  ...[8, 64, 256].map((period) => structured(`every ${period}th large`, (k) => (k % period === 0 ? LARGE : 1))),
  ...[4, 32].map((count) => structured(`first ${count} large`, (k) => (k < count ? LARGE : 1))),
  structured('alternating', (k) => (k % 2 === 0 ? 1.1 : -0.7)),
  {
    // all that exponentials do not overflow on, and signs and powers of all kinds
    name: 'sweep',
    natural: false,
    row: (terms) => each(terms, (k) => (208 * k) / Math.max(1, terms - 1) - 104),
    column: (terms) => each(terms, (k) => 0.35 + (k % 7) / 2),
  },
  {
    name: '1.1 × 0.7',
    natural: false,
    row: (terms) => new Float32Array(terms).fill(1.1),
    column: (terms) => new Float32Array(terms).fill(0.7),
  },
];

/** Functions that are not defined on negative numbers: natural data has none for them. */
const POSITIVE = new Set(['Log', 'Sqrt', 'Pow']);

/** Numbers of a pattern as operand `slot` of an operator. */
export function inDomain(operator: string, slot: number, { natural }: Pattern, numbers: Float32Array): Float32Array {
  return natural && slot === 0 && POSITIVE.has(operator) ? numbers.map(Math.abs) : numbers;
}

/** What kernels are tried on, natural data first. */
export const PATTERNS: readonly Pattern[] = [...NATURAL, ...ADVERSARIAL];
