import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Locks } from './locks.ts';
import { Recent } from './recent.ts';

/** What was decided and found about a batch. `spared`: not looked at. */
export interface KeptVerdict {
  readonly batchId: string;
  /** As it was submitted: after a reorganisation another may have the same id. */
  readonly root: string;
  readonly executor: string;
  /** MIEL. */
  readonly lock: number;
  readonly verdict: 'chosen' | 'spared' | 'checked';
  /** Seconds since 1970. */
  readonly at: number;
}

/** Verdicts that are kept: more than any window has batches on one machine. */
const MOST = 100_000;

const keyOf = ({ batchId, root }: Pick<KeptVerdict, 'batchId' | 'root'>): string => `${batchId} ${root}`;

/**
 * What was decided and found, in a file: after a restart nothing is drawn twice, and nothing that was clean is run again.
 * A cache: without it claims are drawn by the same secret and checked again.
 */
export class Verdicts {
  readonly #file: string | undefined;
  readonly #kept = new Recent<string, KeptVerdict>(MOST);
  /** Locks of what was clean, by executor. */
  readonly #clean = new Map<string, Locks>();

  /** @param file none: kept in memory alone */
  constructor(file?: string) {
    this.#file = file;
    if (!file || !existsSync(file)) return;
    const lines = readFileSync(file, 'utf8').split('\n');
    for (const line of lines) this.#read(line);
    if (lines.length <= 2 * MOST) return;
    writeFileSync(file, [...this.#kept.values()].map((each) => `${JSON.stringify(each)}\n`).join(''));
  }

  /** What is kept of a batch. */
  of(batch: Pick<KeptVerdict, 'batchId' | 'root'>): KeptVerdict | undefined {
    return this.#kept.get(keyOf(batch));
  }

  /** Locks of an executor's batches that were clean. */
  clean(executor: string): Locks {
    return this.#clean.get(executor) ?? new Locks();
  }

  /** How many were decided or found so from a time on, in seconds since 1970. */
  count(verdict: KeptVerdict['verdict'], since: number): number {
    return [...this.#kept.values()].filter((each) => each.verdict === verdict && each.at >= since).length;
  }

  keep(verdict: KeptVerdict): void {
    this.#note(verdict);
    if (!this.#file) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      appendFileSync(this.#file, `${JSON.stringify(verdict)}\n`);
    } catch {
      // a full disk must not stop what convicts: the same is found again after a restart
    }
  }

  #note(verdict: KeptVerdict): void {
    const { executor, lock } = verdict;
    const isNew = this.#kept.get(keyOf(verdict))?.verdict !== 'checked';
    const clean = this.clean(executor);
    this.#clean.set(executor, clean);
    if (verdict.verdict === 'checked' && isNew) clean.add(lock);
    this.#kept.set(keyOf(verdict), verdict);
  }

  /** A line that was cut off by a stop says nothing. */
  #read(line: string): void {
    try {
      this.#note(JSON.parse(line));
    } catch {
      return;
    }
  }
}
