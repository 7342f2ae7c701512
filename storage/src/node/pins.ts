import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../errors.ts';

export type PinKind = 'recursive' | 'direct';
export interface Pin {
  cid: string;
  kind: PinKind;
}

const PAGE = 500;

/** The roots that garbage collection keeps, in a SQLite file. */
export class Pins {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    try {
      // held for as long as the node runs, so that a store has one node
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT');
    } catch (cause) {
      this.#db.close();
      throw inUse(file, cause);
    }
    this.#db.exec(
      `CREATE TABLE IF NOT EXISTS pins (cid TEXT PRIMARY KEY, kind TEXT NOT NULL, pinned_at INTEGER NOT NULL)`,
    );
  }

  /** Pins a root; a recursive pin replaces a direct one and never the other way round. */
  add(cid: string, kind: PinKind = 'recursive'): void {
    this.#db
      .prepare(`INSERT INTO pins VALUES (?, ?, ?) ON CONFLICT (cid) DO UPDATE SET kind = excluded.kind
        WHERE excluded.kind = 'recursive'`)
      .run(cid, kind, Date.now());
  }

  /** True when the root was pinned. */
  remove(cid: string): boolean {
    return this.#db.prepare('DELETE FROM pins WHERE cid = ?').run(cid).changes > 0;
  }

  find(cid: string): Pin | undefined {
    return this.#db.prepare('SELECT cid, kind FROM pins WHERE cid = ?').get(cid) as Pin | undefined;
  }

  /** All pins in the order of their CIDs, a page at a time, so that pins may change meanwhile. */
  *list(): Generator<Pin> {
    const page = this.#db.prepare('SELECT cid, kind FROM pins WHERE cid > ? ORDER BY cid LIMIT ?');
    let rows = page.all('', PAGE) as unknown as Pin[];
    while (rows.length > 0) {
      yield* rows;
      rows = page.all(rows[rows.length - 1].cid, PAGE) as unknown as Pin[];
    }
  }

  close(): void {
    this.#db.close();
  }
}

function inUse(file: string, cause: unknown): StorageError {
  return new StorageError('STORAGE_DIR_IN_USE', `${file} cannot be opened: ${(cause as Error).message}`, {
    help: 'One node owns a folder at a time. Stop the other one, or give this one a folder of its own.',
    cause,
    details: { file },
  });
}
