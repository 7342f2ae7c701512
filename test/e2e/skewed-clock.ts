/** Sets the clock of its process wrong: `node --import ./test/e2e/skewed-clock.ts …` with CLOCK_SKEW in seconds. */
const skew = 1_000 * Number(process.env.CLOCK_SKEW ?? 0);
const Right = Date;

globalThis.Date = class extends Right {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(Right.now() + skew);
    else super(...(given as [number]));
  }

  static override now(): number {
    return Right.now() + skew;
  }
} as DateConstructor;
