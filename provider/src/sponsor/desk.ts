import { randomBytes } from 'node:crypto';
import { type Hash, type Program, toHex } from '@essaim/protocol';
import type { Trace } from '@essaim/runtime';
import { LEASE } from './policy.ts';
import type { Session } from './session.ts';

/** One execution that a tab may do. Inputs are row-major bytes in the program's order. */
export interface Work {
  readonly what: 'job' | 'check';
  readonly program: Program;
  readonly onnx: Uint8Array;
  readonly inputs: readonly Uint8Array[];
  readonly inputsRoot: Hash;
  /** Bytes of all boundary values. */
  readonly traceBytes: number;
  /** What somebody claimed to be the trace's root, where that is to be checked. */
  readonly claimed?: Hash;
  /** Ends the wait for a tab. */
  readonly signal: AbortSignal;
}

export interface Task {
  readonly id: string;
  readonly work: Work;
}

/** What a tab made of a task, once it was accepted. */
export interface Given {
  readonly trace: Trace;
  readonly payee: string;
  /** Whether we ran it too. */
  readonly checked: boolean;
}

interface Waiting extends Task {
  /** Who had it before, and does not get it again. */
  readonly had: Set<string>;
  readonly done: (given: Given | null) => void;
  session?: Session;
  lease?: NodeJS.Timeout;
  /** Its result is here and being looked at. */
  brought?: boolean;
}

/** What happened to a task that a session had. */
export type Returned = 'gone' | 'slow';

/** Hands out executions, one at a time to each tab, and takes back what does not come. */
export class Desk {
  readonly #sessions = new Set<Session>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #returned: (session: Session, why: Returned) => void;
  readonly #lease: number;

  /** @param returned told of every task that is taken from a session; @param lease milliseconds that it may take */
  constructor(returned: (session: Session, why: Returned) => void, lease = LEASE) {
    this.#returned = returned;
    this.#lease = lease;
  }

  /** Whether some tab has nothing to do. */
  get hasIdle(): boolean {
    return [...this.#sessions].some((session) => !session.task);
  }

  join(session: Session): void {
    this.#sessions.add(session);
    this.#assign();
  }

  leave(session: Session): void {
    this.#sessions.delete(session);
    this.#takeBack(session, 'gone');
  }

  /** What a tab made of it; null once no tab is left that could, or its signal is aborted. */
  offer(work: Work): Promise<Given | null> {
    return new Promise((resolve) => {
      const id = toHex(randomBytes(16));
      const give = () => this.#end(id, null);
      const done = (given: Given | null) => {
        work.signal.removeEventListener('abort', give);
        resolve(given);
      };
      work.signal.addEventListener('abort', give);
      this.#waiting.set(id, { id, work, had: new Set(), done });
      if (work.signal.aborted) give();
      else this.#assign();
    });
  }

  /** The task that a session brings the result of: it is not taken back for being late any more. Undefined if it has another, or brought it. */
  brought(session: Session, id: string): Task | undefined {
    const task = session.task?.id === id ? this.#waiting.get(id) : undefined;
    if (!task || task.brought) return undefined;
    task.brought = true;
    clearTimeout(task.lease);
    return task;
  }

  /** A task that came back well: whoever offered it gets the trace, its tab the next one. */
  finish({ id }: Task, given: Given): void {
    this.#end(id, given);
    this.#assign();
  }

  /** Takes a task from a session that is to have no more. */
  drop(session: Session): void {
    this.#sessions.delete(session);
    this.#free(session);
    this.#assign();
  }

  #assign(): void {
    for (const task of [...this.#waiting.values()]) {
      if (task.session) continue;
      const able = [...this.#sessions].filter(({ opener }) => !task.had.has(opener.bearer));
      const free = able.find((session) => !session.task);
      if (free) this.#give(task, free);
      else if (able.length === 0) this.#end(task.id, null);
    }
  }

  #give(task: Waiting, session: Session): void {
    task.session = session;
    task.had.add(session.opener.bearer);
    session.task = task;
    task.lease = setTimeout(() => this.#takeBack(session, 'slow'), this.#lease).unref();
    const { id, work } = task;
    const { what, program, onnx, inputs, inputsRoot, traceBytes } = work;
    const sizes = inputs.map(({ length }) => length);
    session.tell({
      line: 'task',
      task: { id, what, programId: program.id, modelBytes: onnx.length, inputs: sizes, inputsRoot, traceBytes },
    });
  }

  #takeBack(session: Session, why: Returned): void {
    const { task } = session;
    if (task) {
      this.#free(session);
      session.tell({ line: 'taken-back', id: task.id });
      this.#returned(session, why);
    }
    this.#assign();
  }

  #free(session: Session): void {
    const task = session.task && this.#waiting.get(session.task.id);
    session.task = undefined;
    if (!task) return;
    clearTimeout(task.lease);
    task.session = undefined;
    task.brought = false;
  }

  #end(id: string, given: Given | null): void {
    const task = this.#waiting.get(id);
    if (!task) return;
    this.#waiting.delete(id);
    clearTimeout(task.lease);
    if (task.session) {
      task.session.task = undefined;
      if (!given) task.session.tell({ line: 'taken-back', id });
    }
    task.done(given);
  }
}
