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

/** How far a claimed element lies from what is permitted. */
export function distanceWords({ range, dtype, claimed }: Pick<ElementFault, 'range' | 'dtype' | 'claimed'>): string {
  if (!range) return '';
  if (range.distance === null) return `${claimed} is no number on this line`;
  const units = range.distance;
  const [low, high] = range.contract;
  const by = shortNumber(Math.abs(Number(claimed) - (Number(claimed) < low ? low : high)));
  if (dtype !== 'float32') return `off by ${units.toLocaleString('en')}`;
  const many = units === 1n ? 'one unit' : `${units.toLocaleString('en')} units`;
  return `off by ${by}: ${many} in the last place`;
}
