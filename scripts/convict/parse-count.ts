const SCALE: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, B: 1e9 };

/** A number of parameters as people write it: 100M, 1.5B, 250000. */
export function parseCount(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([KMGB]?)$/i.exec(text) ?? [];
  const count = Number(digits) * SCALE[unit?.toUpperCase() ?? ''];
  if (!(count >= 1)) throw new Error(`"${text}" is no number of parameters: write 10M, 100M or 1.5B`);
  return count;
}
