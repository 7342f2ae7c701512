import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** What is read from a database that another process may use; undefined where there is none. */
export function readFrom<T>(file: string, read: (database: DatabaseSync) => T): T | undefined {
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
