import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Entry {
  pid: number;
  /** When it began and what it runs: another process that got the number since has another. */
  mark: string;
  signal: NodeJS.Signals;
}

interface Page {
  owner: Entry | null;
  children: Entry[];
  folders: string[];
}

/**
 * A file that names the processes and folders of a stack, so that the next one can clear away what a stack that was
 * killed left behind: its children go on without it and keep ports and locks.
 */
export class Ledger {
  readonly #file: string;
  readonly #page: Page = { owner: entry(process.pid, 'SIGTERM'), children: [], folders: [] };

  constructor(file: string) {
    this.#file = file;
  }

  /** The process whose stack this is, where it is still running and not this one. */
  owner(): number | undefined {
    const { owner } = this.#read();
    return owner && owner.pid !== process.pid && isSame(owner) ? owner.pid : undefined;
  }

  /** Ends what is left of an earlier stack, in reverse order of its start, and begins an empty page. */
  async clear(): Promise<void> {
    const { children, folders } = this.#read();
    for (const child of children.reverse()) await end(child);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    this.#write();
  }

  child(pid: number, signal: NodeJS.Signals): void {
    const made = entry(pid, signal);
    if (made) this.#page.children.push(made);
    this.#write();
  }

  folder(path: string): void {
    this.#page.folders.push(path);
    this.#write();
  }

  /** Everything was stopped. */
  close(): void {
    rmSync(this.#file, { force: true });
  }

  #read(): Page {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8')) as Page;
    } catch {
      return { owner: null, children: [], folders: [] };
    }
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(this.#page, null, 2));
  }
}

function entry(pid: number, signal: NodeJS.Signals): Entry | null {
  const mark = markOf(pid);
  return mark ? { pid, mark, signal } : null;
}

function markOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=,comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

const isSame = ({ pid, mark }: Entry): boolean => markOf(pid) === mark;

async function end(child: Entry): Promise<void> {
  if (!isSame(child)) return;
  process.kill(child.pid, child.signal);
  for (let waited = 0; isSame(child); waited += 50) {
    if (waited === 3_000) process.kill(child.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
