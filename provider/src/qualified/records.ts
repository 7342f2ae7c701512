import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Engine, written } from '@essaim/runtime';

/** What came of trying a program on a device with an engine. */
export interface QualificationRecord {
  readonly programId: string;
  readonly engine: Engine;
  readonly device: string;
  readonly versions: string;
  readonly isQualified: boolean;
  /** What to do where it is not. */
  readonly advice: readonly string[];
  /** Of one input's execution and commitment; null where no input could be made up that the model takes. */
  readonly seconds: number | null;
  /** Bytes that an execution takes, the open model with it. */
  readonly memory: number;
  /** When, in milliseconds since 1970. */
  readonly at: number;
}

type Key = Pick<QualificationRecord, 'programId' | 'engine' | 'device' | 'versions'>;

/** Qualifications that were made, in a file: one for each program, engine, device, and version of what runs there. */
export class QualificationRecords {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Looked up on the disk each time: another process may have made it. */
  find(key: Key): QualificationRecord | undefined {
    return this.all().find((record) => isSame(record, key));
  }

  all(): QualificationRecord[] {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      // none yet, or damaged: they are made again
      return [];
    }
  }

  async keep(record: QualificationRecord): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    const others = this.all().filter((other) => !isSame(other, record));
    await written(this.#file, JSON.stringify([...others, record], null, 1));
  }
}

const isSame = (a: Key, b: Key): boolean =>
  a.programId === b.programId && a.engine === b.engine && a.device === b.device && a.versions === b.versions;
