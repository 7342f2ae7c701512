import type { Line } from '../lib/processes.ts';

/** What daemons said, counted: their lines themselves would be more than a long run has memory for. */
export class Tally {
  readonly counts = new Map<string, number>();
  /** The first lines of each kind of failure, for whoever reads a report that went wrong. */
  readonly failures = new Map<string, Line>();

  note(who: string, line: Line): void {
    const { event, code } = line;
    const key = `${who} ${event}${code ? ` ${code}` : ''}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    if (code && !this.failures.has(key)) this.failures.set(key, line);
  }

  /** How often anybody of this sort said this. */
  of(who: string, event: string): number {
    return this.counts.get(`${who} ${event}`) ?? 0;
  }
}
