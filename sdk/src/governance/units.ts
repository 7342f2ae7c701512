import { EssaimError } from '@essaim/protocol';
import { formatEther, formatUnits, parseUnits } from 'ethers';

/** What a person may write in place of a unit, and how many of it that is: `10 ^ decimals × times`. */
interface Scale {
  decimals: number;
  times: bigint;
}

const SCALES: Readonly<Record<string, Readonly<Record<string, Scale>>>> = {
  bp: { bp: { decimals: 0, times: 1n }, '%': { decimals: 2, times: 1n } },
  s: {
    s: { decimals: 0, times: 1n },
    min: { decimals: 0, times: 60n },
    h: { decimals: 0, times: 3_600n },
    d: { decimals: 0, times: 86_400n },
  },
  mMIEL: { mMIEL: { decimals: 0, times: 1n }, MIEL: { decimals: 3, times: 1n } },
  wei: { wei: { decimals: 0, times: 1n }, MIEL: { decimals: 18, times: 1n } },
};

/** The first word of a unit: `bp of the fee` is in `bp`. */
const base = (unit: string): string => unit.split(' ')[0];

/**
 * A value as a person writes it, `250`, `2.5 %`, `12 h`, `1000 MIEL`, in whole numbers of the parameter's unit.
 * PARAMETER_VALUE
 */
export function parseValue(text: string, unit: string): bigint {
  const [, number, written] = text.trim().match(/^(\d+(?:\.\d+)?)\s*([A-Za-z%]*)$/) ?? [];
  const scales = SCALES[base(unit)] ?? { [base(unit)]: { decimals: 0, times: 1n } };
  const scale = written ? scales[written] : { decimals: 0, times: 1n };
  try {
    if (!number || !scale) throw new Error('no number of this unit');
    return parseUnits(number, scale.decimals) * scale.times;
  } catch (cause) {
    throw new EssaimError('PARAMETER_VALUE', `"${text}" is no value in ${unit}`, {
      help: `write a number, of ${Object.keys(scales).join(' or ')}; without a word it is in ${base(unit)}`,
      cause,
      details: { text, unit },
    });
  }
}

/** Amounts with a comma for each thousand. */
export const grouped = (amount: string): string => amount.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');

/** An amount of MIEL in wei, `1,234.5 MIEL`. */
export const showMiel = (wei: bigint): string => `${grouped(formatEther(wei).replace(/\.0$/, ''))} MIEL`;

const TIMES = [
  ['day', 86_400n],
  ['h', 3_600n],
  ['min', 60n],
] as const;

/** A span of seconds as a person reads it: `2 days 3 h`. */
export function showSpan(seconds: bigint): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [name, length] of TIMES) {
    const count = left / length;
    left %= length;
    if (count > 0n) parts.push(`${count} ${name}${name === 'day' && count > 1n ? 's' : ''}`);
  }
  if (left > 0n || parts.length === 0) parts.push(`${left} s`);
  return parts.slice(0, 2).join(' ');
}

/** A second of the chain's clock, `2026-03-01 12:00:00 UTC`. */
export const showTime = (seconds: bigint): string =>
  seconds > 8_640_000_000_000n
    ? `second ${seconds}`
    : `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A value with its unit, and in words where the unit has some: `250 bp of the fee (2.5 %)`. */
export function showValue(value: bigint, unit: string): string {
  const kind = base(unit);
  if (kind === 'wei') return showMiel(value);
  const plain = `${grouped(String(value))} ${unit}`.trim();
  if (kind === 'bp') return `${plain} (${formatUnits(value, 2).replace(/\.0$/, '')} %)`;
  if (kind === 's' && value >= 60n) return `${plain} (${showSpan(value)})`;
  if (kind === 'mMIEL') return `${plain} (${grouped(formatUnits(value, 3).replace(/\.0$/, ''))} MIEL)`;
  return plain;
}
