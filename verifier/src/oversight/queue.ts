import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EssaimError } from '@essaim/protocol';
import { id } from 'ethers';
import type { Deed } from '../consent.ts';

/** What a person said of a deed. */
export type Answer = 'asked' | 'agreed' | 'refused';

/** A deed that waits, or waited, for a person. */
export interface Action extends Pick<Deed, 'kind' | 'why'> {
  /** Eight hex digits. */
  readonly id: string;
  readonly answer: Answer;
  /** When it was asked, in milliseconds. */
  readonly at: number;
}

/** Deeds that wait for a person's yes, on disk: the daemon asks, commands answer. */
export class Queue {
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#database = new DatabaseSync(join(folder, 'actions.sqlite'), { timeout: 5_000 });
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS actions (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, why TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL
      ) STRICT`);
  }

  /** Asks, unless it was asked before: what was said of a deed holds after a restart. */
  ask({ kind, subject, place, why }: Deed): Action {
    const name = id(`${kind} ${subject} ${place}`).slice(2, 10);
    const insert = `INSERT INTO actions VALUES (?, ?, ?, 'asked', ?) ON CONFLICT (id) DO NOTHING`;
    this.#database.prepare(insert).run(name, kind, why, Date.now());
    return this.get(name)!;
  }

  get(name: string): Action | undefined {
    const row = this.#database.prepare('SELECT * FROM actions WHERE id = ?').get(name);
    return row && ({ ...row } as unknown as Action);
  }

  /** Everything that was asked, newest first. */
  all(): Action[] {
    const rows = this.#database.prepare('SELECT * FROM actions ORDER BY at DESC').all();
    return rows.map((row) => ({ ...row }) as unknown as Action);
  }

  /** Says yes or no to a deed. ACTION_UNKNOWN */
  answer(name: string, answer: 'agreed' | 'refused'): Action {
    const { changes } = this.#database.prepare('UPDATE actions SET answer = ? WHERE id = ?').run(answer, name);
    if (changes === 1) return this.get(name)!;
    throw new EssaimError('ACTION_UNKNOWN', `nothing waits under ${name}`, {
      help: 'the actions command lists what waits',
    });
  }

  close(): void {
    this.#database.close();
  }
}
