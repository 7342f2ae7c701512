/** Which steps of a round are run again: all, or so many drawn by chance (and those on the way to them). */
export interface Sampling {
  readonly all: boolean;
  readonly steps: number;
}

/** Steps in ascending order. */
export function sampleOf(count: number, { all, steps }: Sampling): number[] {
  const order = Array.from({ length: count }, (_, step) => step);
  if (all || steps >= count) return order;
  const drawn = new Set<number>();
  while (drawn.size < steps) drawn.add(Math.floor(Math.random() * count));
  return [...drawn].sort((a, b) => a - b);
}
