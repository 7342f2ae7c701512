import type { ElementFault } from '@essaim/sdk';

/** A binary32 by the fewest digits that name it. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** How far a claimed element lies from what is permitted, in one or two parts. */
export function distanceWords({ range, dtype, claimed }: Pick<ElementFault, 'range' | 'dtype' | 'claimed'>): string[] {
  if (!range) return [];
  if (range.distance === null) return [`${claimed} is no number on this line`];
  const units = range.distance;
  const [low, high] = range.contract;
  const by = shortNumber(Math.abs(Number(claimed) - (Number(claimed) < low ? low : high)));
  if (dtype !== 'float32') return [`off by ${units.toLocaleString('en')}`];
  const many = units === 1n ? 'one unit' : `${units.toLocaleString('en')} units`;
  return [`off by ${by}`, `${many} in the last place`];
}

/** An interval by its middle and half its width, with no more digits than tell. */
export function aboutWords([low, high]: readonly [number, number]): string {
  if (low === high) return shortNumber(low);
  if (Number.isInteger(low) && Number.isInteger(high)) return `${low} … ${high}`;
  const half = (high - low) / 2;
  const middle = low / 2 + high / 2;
  const digits = Math.max(0, 1 - Math.floor(Math.log10(half)));
  if (digits > 12 || Math.abs(middle) >= 1e9) return `${middle.toExponential(4)} ± ${half.toExponential(1)}`;
  return `${middle.toFixed(digits)} ± ${half.toFixed(digits)}`;
}

/** What is permitted, in words for a person; the judge's own where it is no interval. */
export function permittedWords({ range, permitted }: Pick<ElementFault, 'range' | 'permitted'>): string {
  if (!range) return `permits ${permitted}`;
  const { sharp, contract } = range;
  if (contract[0] === contract[1]) return `permits exactly ${shortNumber(contract[0])}, and nothing else`;
  const [low, high] = contract.map(shortNumber);
  const same = sharp[0] === contract[0] && sharp[1] === contract[1];
  const convicted = `anything below ${low} or above ${high} is convicted`;
  return same
    ? `permits ${low} to ${high}`
    : `is paid in the middle of a narrow band, void at its edges, and ${convicted}`;
}
