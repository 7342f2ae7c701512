import { readFileSync } from 'node:fs';

/** One parameter that governance may set, as docs/parameters.md states it. */
export interface ParameterLine {
  name: string;
  value: bigint;
  unit: string;
  least: bigint;
  most: bigint;
}

/** The table of docs/parameters.md, in its order. */
export function parameterTable(): ParameterLine[] {
  const text = readFileSync(new URL('../../docs/parameters.md', import.meta.url), 'utf8');
  const rows = text.matchAll(/^\| `(\S+)` \| (\d+) \| ([^|]+) \| (\d+) \| (\d+) \| [^|]+ \|$/gm);
  return [...rows].map(([, name, value, unit, least, most]) => ({
    name,
    unit: unit.trim(),
    value: BigInt(value),
    least: BigInt(least),
    most: BigInt(most),
  }));
}
