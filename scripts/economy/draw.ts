/** Draws items in proportion to their weights; built once an epoch. */
export function drawer<T>(items: readonly T[], weight: (item: T) => number): (next: () => number) => T | undefined {
  const sums: number[] = [];
  let total = 0;
  for (const item of items) {
    total += weight(item);
    sums.push(total);
  }
  return (next) => {
    if (total <= 0) return undefined;
    const at = next() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > at) high = middle;
      else low = middle + 1;
    }
    return items[low];
  };
}
