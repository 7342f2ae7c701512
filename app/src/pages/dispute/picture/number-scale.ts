/** Least and greatest number of an interval. */
type Interval = readonly [low: number, high: number];

/** Where a claimed number and what is permitted stand on a line of `width` pixels. */
export interface NumberScale {
  readonly claimed: number;
  /** From and to; never thinner than can be seen. */
  readonly contract: Interval;
  readonly sharp: Interval;
  /** The claimed number is none that a line has: it stands at the end to which it points. */
  readonly beyond: boolean;
  /** The interval is too thin to be seen into: it is worth showing larger. */
  readonly isThin: boolean;
}

/** Part of the width that is kept free on each side. */
const EDGE = 0.16;
const THINNEST = 4;

/** Places a claimed number and the permitted interval on one line, with room beside them. */
export function numberScale(claimed: number, contract: Interval, sharp: Interval, width: number): NumberScale {
  const finite = Number.isFinite(claimed);
  const [low, high] = [
    Math.min(...contract, ...(finite ? [claimed] : [])),
    Math.max(...contract, ...(finite ? [claimed] : [])),
  ];
  const span = high - low;
  const inner = width * (1 - 2 * EDGE);
  // a span beyond the greatest number, or none at all, has no scale of its own
  const at = (value: number) => {
    if (!(span > 0)) return width / 2;
    const part = Number.isFinite(span) ? (value - low) / span : value / 2 / Number.MAX_VALUE + 0.5;
    return width * EDGE + inner * part;
  };
  const widened = ([from, to]: Interval): Interval => {
    const [left, right] = [at(from), at(to)];
    const missing = Math.max(0, THINNEST - (right - left)) / 2;
    return [left - missing, right + missing];
  };
  const end = Number.isNaN(claimed) || claimed > 0 ? width * (1 - EDGE / 2) : width * (EDGE / 2);
  const band = widened(contract);
  return {
    claimed: finite ? at(claimed) : end,
    contract: band,
    sharp: widened(sharp),
    beyond: !finite,
    isThin: contract[0] < contract[1] && at(contract[1]) - at(contract[0]) < width * 0.08,
  };
}
