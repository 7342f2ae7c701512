/** What a check has to be done by, and what it takes. */
export interface Due {
  /** End of the window, in seconds of chain time. */
  readonly end: number;
  /** Seconds that it is expected to take. */
  readonly cost: number;
}

interface Entry<T> {
  readonly item: T;
  due: Due;
  /** When it may be begun, of this machine's clock in milliseconds, and how long it is put off by its next failure. */
  next: number;
  wait: number;
  /** It was said that it cannot be reached. */
  told: boolean;
}

/** What to do in which order, and what cannot be done in time whatever the order. */
export interface Plan<T> {
  readonly order: readonly [string, T][];
  /** Of these, what was not known before to be out of reach. */
  readonly unreached: readonly [string, T, Due][];
}

const LONGEST_PAUSE = 60_000;

/** The last moment at which a check may begin. */
export const latest = ({ end, cost }: Due): number => end - cost;

/**
 * Checks that wait, by key. What has to begin first comes first: all deadlines are fixed, so everything comes first in
 * time. Where there is more than can be done, the longest checks are left for last until all others can be done in time
 * (Moore and Hodgson, which leaves the fewest out). What fails is put off, each time twice as long.
 */
export class Backlog<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #first: number;
  readonly #now: () => number;

  /** @param firstPause milliseconds after a first failure */
  constructor(firstPause: number, now: () => number = () => performance.now()) {
    this.#first = firstPause;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds an item, to be begun at once; one that is there already may be begun again. */
  add(key: string, item: T, due: Due): void {
    const known = this.#entries.get(key);
    if (known) Object.assign(known, { due, next: 0 });
    else this.#entries.set(key, { item, due, next: 0, wait: this.#first, told: false });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Puts an item off after a failure. */
  postpone(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.next = this.#now() + entry.wait;
    entry.wait = Math.min(2 * entry.wait, LONGEST_PAUSE);
  }

  /** Seconds until the first of all has to begin; undefined where nothing waits. */
  slack(time: number): number | undefined {
    const all = [...this.#entries.values()].map(({ due }) => latest(due) - time);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  /**
   * @param time of the chain, in seconds
   * @param width checks that can be done at once
   */
  plan(time: number, width = 1): Plan<T> {
    const now = this.#now();
    const waiting = [...this.#entries].sort(([, a], [, b]) => a.due.end - b.due.end);
    const late = outOfReach(
      waiting.map(([, { due }]) => due),
      time,
      width,
    );
    const unreached = [...late].flatMap((at): [string, T, Due][] => {
      const [key, entry] = waiting[at];
      if (entry.told) return [];
      entry.told = true;
      return [[key, entry.item, entry.due]];
    });
    const rankOf = (at: number, { end }: Due): number => (late.has(at) ? LATE : end <= time ? OVER : REACHED);
    const ranked = waiting
      .map(([key, entry], at) => ({ key, entry, rank: rankOf(at, entry.due) }))
      .filter(({ entry }) => entry.next <= now)
      .sort((a, b) => a.rank - b.rank || latest(a.entry.due) - latest(b.entry.due));
    return { order: ranked.map(({ key, entry }) => [key, entry.item]), unreached };
  }
}

/** In this order: what can be done in time, what is over and only has to be ended, and what is out of reach. */
const [REACHED, OVER, LATE] = [0, 1, 2];

/** Positions, in a list by end, of the fewest checks that have to be left out for all others to end in time. */
function outOfReach(list: readonly Due[], time: number, width: number): Set<number> {
  const out = new Set<number>();
  /** Those that are done, the longest last. */
  const done: number[] = [];
  let at = time;
  for (const [index, { end, cost }] of list.entries()) {
    if (end <= time) continue;
    done.splice(placeOf(cost, done, list), 0, index);
    at += cost / width;
    if (at <= end) continue;
    const longest = done.pop()!;
    at -= list[longest].cost / width;
    out.add(longest);
  }
  return out;
}

/** Where a check of this cost belongs among others in the order of theirs. */
function placeOf(cost: number, among: readonly number[], list: readonly Due[]): number {
  let [low, high] = [0, among.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[among[middle]].cost <= cost) low = middle + 1;
    else high = middle;
  }
  return low;
}
