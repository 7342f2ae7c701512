import { useEffect, useState } from 'react';

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago or from now, in words. Seconds. */
export function showAgo(at: number, now = Date.now() / 1000): string {
  const distance = at - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1];
  return relative.format(Math.trunc(distance / size), unit);
}

/** A moment in seconds of the chain's clock: how long ago, with the date in its title. 0 is none. */
export function Time({ at }: { at: number | bigint }) {
  const seconds = Number(at);
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 30_000);
    return () => clearInterval(timer);
  }, []);
  if (!seconds) return <span className="muted">—</span>;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return <span className="muted">a time beyond calendars</span>;
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {showAgo(seconds, now)}
    </time>
  );
}

/** A length of time in seconds, in its two largest units. */
export function showSpan(seconds: number | bigint): string {
  let rest = Number(seconds);
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(2)) {
    const count = Math.floor(rest / size);
    if (count === 0) continue;
    rest -= count * size;
    parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 seconds';
}
