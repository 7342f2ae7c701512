import type { Series } from '../../parts/plot.tsx';

/** Something that happened in one hour. */
export interface Point {
  /** Second in which the hour began. */
  readonly time: number;
  readonly kind: string;
  readonly value: number;
}

const HOUR = 3_600;
const SPANS = [
  { words: 'hour', seconds: HOUR },
  { words: 'six hours', seconds: 6 * HOUR },
  { words: 'day', seconds: 24 * HOUR },
  { words: 'week', seconds: 7 * 24 * HOUR },
  { words: 'four weeks', seconds: 28 * 24 * HOUR },
] as const;
const MOST = 120;

/** The shortest span of which no more than so many lie between the first of these seconds and the last. */
export function spanOf(times: readonly number[]): (typeof SPANS)[number] {
  const length = times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
  return SPANS.find(({ seconds }) => length / seconds < MOST) ?? SPANS[SPANS.length - 1];
}

/** Every span from the first to the last in which anything happened, with zeros where nothing did. */
export function series(
  kinds: Readonly<Record<string, string>>,
  points: readonly Point[],
  seconds: number,
): { x: number[]; series: Series[] } {
  const wanted = points.filter(({ kind }) => Object.values(kinds).includes(kind));
  const begin = (time: number) => Math.floor(time / seconds) * seconds;
  const times = wanted.map(({ time }) => begin(time));
  const first = Math.min(...times);
  const spans = times.length === 0 ? 0 : (Math.max(...times) - first) / seconds + 1;
  return {
    x: Array.from({ length: spans }, (_, i) => first + i * seconds),
    series: Object.entries(kinds).map(([label, kind]) => {
      const values = new Array<number>(spans).fill(0);
      for (const { time, kind: own, value } of wanted)
        if (own === kind) values[(begin(time) - first) / seconds] += value;
      return { label, values };
    }),
  };
}
