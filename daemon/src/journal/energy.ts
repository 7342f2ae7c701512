import type { DatabaseSync } from 'node:sqlite';
import { readFrom } from './read-from.ts';

/** What was drawn within some time, as far as it was measured. */
export interface Energy {
  readonly joules: number;
  /** For which it was measured. */
  readonly seconds: number;
}

const DAY = 86_400_000;
const NONE: Energy = { joules: 0, seconds: 0 };

export const ENERGY_SCHEMA = `
  CREATE TABLE IF NOT EXISTS energy (at INTEGER NOT NULL, joules REAL NOT NULL, seconds REAL NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS energy_by_time ON energy (at);
`;

/** What a journal, which may be in use, says was drawn within the day up to now, by this machine's clock. */
export const energyOfDay = (file: string): Energy =>
  readFrom(file, (database) => (isKept(database) ? sumOfDay(database) : NONE)) ?? NONE;

/** A journal of before keeps none. */
const isKept = (database: DatabaseSync): boolean =>
  database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'energy'`).get() !== undefined;

/** What was drawn within the day up to now. */
export function sumOfDay(database: DatabaseSync): Energy {
  const { joules, seconds } = database
    .prepare('SELECT total(joules) AS joules, total(seconds) AS seconds FROM energy WHERE at >= ?')
    .get(Date.now() - DAY)!;
  return { joules: Number(joules), seconds: Number(seconds) };
}

/** Notes what was drawn until now, and forgets what is older than a day. */
export function noteEnergy(database: DatabaseSync, { joules, seconds }: Energy): void {
  const now = Date.now();
  database.prepare('DELETE FROM energy WHERE at < ?').run(now - DAY);
  database.prepare('INSERT INTO energy (at, joules, seconds) VALUES (?, ?, ?)').run(now, joules, seconds);
}
