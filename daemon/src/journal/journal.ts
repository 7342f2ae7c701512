import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EssaimError } from '@essaim/protocol';
import { diskFailure } from '@essaim/sdk/node';
import { ENERGY_SCHEMA, type Energy, noteEnergy, sumOfDay } from './energy.ts';
import { lockFolder } from './lock.ts';
import { readFrom } from './read-from.ts';

/**
 * How far a transaction is. `signed`: on this disk, perhaps elsewhere; `sent`: an endpoint took it; `mined`: in a block;
 * `final`: deep enough; `reverted`: final, and it failed; `stolen`: another transaction has its nonce; `cancelling`: what
 * it was for is gone, and a transfer of nothing is to take its nonce; `cancelled`: that is final.
 */
export type State = 'signed' | 'sent' | 'mined' | 'final' | 'reverted' | 'stolen' | 'cancelling' | 'cancelled';

/** One signed form of an intent: what is replaced has several, all of one nonce. */
export interface Attempt {
  readonly hash: string;
  readonly raw: string;
  /** Wei. */
  readonly maxFee: bigint;
  readonly tip: bigint;
  /** It does nothing but take the nonce. */
  readonly cancels?: boolean;
}

/** Something that the account wants to have in a block, once. */
export interface Intent {
  readonly id: number;
  /** Names what is to be done: the same call has the same key. */
  readonly key: string;
  readonly doing: string;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly gas: bigint;
  readonly nonce: number;
  readonly state: State;
  /** Chain time, in seconds, by which it has to be in a block. */
  readonly deadline: number | null;
  /** Where it was mined. */
  readonly block: number | null;
  readonly blockHash: string | null;
  readonly attempts: readonly Attempt[];
}

export type NewIntent = Omit<Intent, 'id' | 'state' | 'block' | 'blockHash' | 'attempts'> & {
  /** Chain time in milliseconds at which it was begun. */
  readonly at: number;
};

/** Wei that a journal, which may be in use, says were spent on gas since a chain time in milliseconds; 0 where there is none. */
export const gasSpent = (file: string, since: number): bigint =>
  readFrom(file, (database) => sumOfFees(database, since)) ?? 0n;

function sumOfFees(database: DatabaseSync, since: number): bigint {
  const rows = database.prepare('SELECT fee FROM intents WHERE fee IS NOT NULL AND at >= ?').all(since);
  return rows.reduce((sum, { fee }) => sum + BigInt(String(fee)), 0n);
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS intents (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, doing TEXT NOT NULL, target TEXT NOT NULL, data TEXT NOT NULL,
    value TEXT NOT NULL, gas TEXT NOT NULL, nonce INTEGER NOT NULL, state TEXT NOT NULL, deadline INTEGER,
    block INTEGER, block_hash TEXT, fee TEXT, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS intents_by_state ON intents (state, nonce);
  CREATE INDEX IF NOT EXISTS intents_by_key ON intents (key);
  CREATE TABLE IF NOT EXISTS attempts (
    hash TEXT PRIMARY KEY, intent INTEGER NOT NULL REFERENCES intents (id), raw TEXT NOT NULL,
    max_fee TEXT NOT NULL, tip TEXT NOT NULL, cancels INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS attempts_by_intent ON attempts (intent);
`;

function unreadable(file: string, cause: unknown): Error {
  return (
    diskFailure(cause) ??
    new EssaimError('JOURNAL_UNREADABLE', `the journal ${file} cannot be opened`, {
      help: 'check that the user it runs as may write there, and the disk; if nothing of this account is on its way, it may be deleted',
      cause,
    })
  );
}

/** Makes a journal's folder and takes its lock. */
function lockedFor(file: string): () => void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return lockFolder(`${file}.lock`);
  } catch (cause) {
    throw cause instanceof EssaimError ? cause : unreadable(file, cause);
  }
}

/**
 * What an account signed, written before anything is broadcast: the only thing that may not be deleted while a
 * transaction is on its way. Everything else is on the chain.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #unlock: () => void;

  /** Opens a journal, and makes it where there is none. JOURNAL_LOCKED, JOURNAL_UNREADABLE, DISK_FULL */
  constructor(file: string) {
    this.#unlock = lockedFor(file);
    try {
      this.#database = new DatabaseSync(file);
      // a signature must be on the disk before it is in the world
      this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${SCHEMA} ${ENERGY_SCHEMA}`);
      this.#widen();
    } catch (cause) {
      this.#unlock();
      throw unreadable(file, cause);
    }
  }

  /** Writes an intent with its first signed form. DISK_FULL, as whatever is written here. */
  begin(intent: NewIntent, attempt: Attempt): Intent {
    const { key, doing, to, data, value, gas, nonce, deadline, at } = intent;
    const statement = this.#database.prepare(
      `INSERT INTO intents (key, doing, target, data, value, gas, nonce, state, deadline, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'signed', ?, ?)`,
    );
    return this.#atOnce(() => {
      const values = [key, doing, to, data, String(value), String(gas), nonce, deadline, at];
      const { lastInsertRowid } = statement.run(...values);
      this.#insert(Number(lastInsertRowid), attempt);
      return this.get(Number(lastInsertRowid));
    });
  }

  /** Adds a signed form that is to replace the others. */
  addAttempt(intent: number, attempt: Attempt): void {
    this.#write(() => this.#insert(intent, attempt));
  }

  /** Adds the first signed form that is to take the nonce without doing anything. */
  cancel(intent: number, attempt: Attempt): void {
    this.#atOnce(() => {
      this.#insert(intent, { ...attempt, cancels: true });
      this.move(intent, 'cancelling');
    });
  }

  /** Takes an intent to another state. */
  move(intent: number, state: State): void {
    this.#write(() =>
      this.#database
        .prepare('UPDATE intents SET state = ?, block = NULL, block_hash = NULL WHERE id = ?')
        .run(state, intent),
    );
  }

  /** Notes the block that an intent is in, and what it cost in wei. */
  mined(intent: number, block: number, blockHash: string, fee: bigint): void {
    this.#write(() =>
      this.#database
        .prepare(`UPDATE intents SET state = 'mined', block = ?, block_hash = ?, fee = ? WHERE id = ?`)
        .run(block, blockHash, String(fee), intent),
    );
  }

  /** Ends a mined intent; where it is stays known. */
  end(intent: number, state: 'final' | 'reverted' | 'cancelled'): void {
    this.#write(() => this.#database.prepare('UPDATE intents SET state = ? WHERE id = ?').run(state, intent));
  }

  get(id: number): Intent {
    return this.#read('id = ?', id)[0];
  }

  /** Intents that are in no block yet, in the order of their nonces. */
  open(): Intent[] {
    return this.#read(`state IN ('signed', 'sent', 'cancelling')`);
  }

  /** Intents in blocks that may still be reorganised away. */
  shallow(): Intent[] {
    return this.#read(`state = 'mined'`);
  }

  /** Intents that wait or were mined and are not final, of one key. */
  live(key: string): Intent[] {
    return this.#read(`key = ? AND state IN ('signed', 'sent', 'mined')`, key);
  }

  /** Wei that were spent on gas since a chain time in milliseconds. */
  spentSince(time: number): bigint {
    return sumOfFees(this.#database, time);
  }

  /** Notes what this machine drew until now. DISK_FULL */
  drew(joules: number, seconds: number): void {
    this.#atOnce(() => noteEnergy(this.#database, { joules, seconds }));
  }

  /** What it drew within the day up to now. */
  energyOfDay(): Energy {
    return sumOfDay(this.#database);
  }

  close(): void {
    this.#database.close();
    this.#unlock();
  }

  /** All of it is written, or nothing. */
  #atOnce<T>(write: () => T): T {
    return this.#write(() => {
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const made = write();
        this.#database.exec('COMMIT');
        return made;
      } catch (error) {
        // a full disk ends the transaction by itself
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** What cannot be written for want of room says so. */
  #write<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw diskFailure(error) ?? error;
    }
  }

  /** A journal of before has not all columns. */
  #widen(): void {
    const columns = this.#database.prepare('PRAGMA table_info(attempts)').all();
    if (columns.some(({ name }) => name === 'cancels')) return;
    this.#database.exec('ALTER TABLE attempts ADD COLUMN cancels INTEGER NOT NULL DEFAULT 0');
  }

  #insert(intent: number, { hash, raw, maxFee, tip, cancels = false }: Attempt): void {
    this.#database
      .prepare('INSERT INTO attempts (hash, intent, raw, max_fee, tip, cancels) VALUES (?, ?, ?, ?, ?, ?)')
      .run(hash, intent, raw, String(maxFee), String(tip), Number(cancels));
  }

  #read(where: string, ...values: (string | number)[]): Intent[] {
    const rows = this.#database.prepare(`SELECT * FROM intents WHERE ${where} ORDER BY nonce, id`).all(...values);
    return rows.map((row) => intentOf(row, this.#attempts(Number(row.id))));
  }

  #attempts(intent: number): Attempt[] {
    const rows = this.#database.prepare('SELECT * FROM attempts WHERE intent = ? ORDER BY rowid').all(intent);
    return rows.map(({ hash, raw, max_fee, tip, cancels }) => ({
      ...{ hash: String(hash), raw: String(raw) },
      ...{ maxFee: BigInt(String(max_fee)), tip: BigInt(String(tip)), cancels: cancels === 1 },
    }));
  }
}

function intentOf(row: Record<string, unknown>, attempts: Attempt[]): Intent {
  const number = (value: unknown): number | null => (value === null ? null : Number(value));
  return {
    ...{ id: Number(row.id), key: String(row.key), doing: String(row.doing), to: String(row.target) },
    ...{ data: String(row.data), value: BigInt(String(row.value)), gas: BigInt(String(row.gas)) },
    ...{ nonce: Number(row.nonce), state: row.state as State, deadline: number(row.deadline) },
    ...{ block: number(row.block), blockHash: row.block_hash === null ? null : String(row.block_hash), attempts },
  };
}
