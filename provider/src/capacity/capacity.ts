import type { Refusal } from '../refusal.ts';
import { endsOf, fits, latesOf, type Work } from './schedule.ts';
import { Speeds } from './speeds.ts';

/** What a job, or a promise to take one, asks of this machine. */
export interface Task {
  readonly programId: string;
  readonly count: number;
  /** Last second in which it may be submitted, by the chain's clock. */
  readonly deadline: number;
  /** Bytes on the disk while it may be asked about, and in memory while it is produced. */
  readonly disk?: number;
  readonly memory?: number;
}

interface Held extends Task {
  /** When it was begun, in milliseconds of this process. */
  begun?: number;
  /** A promise stands until this second of the chain's clock. */
  readonly until?: number;
}

export interface CapacityOptions {
  /** Jobs that are produced at once. */
  readonly lanes?: number;
  /** Seconds before its deadline by which a job is to be done. */
  readonly lead?: number;
  readonly speeds?: Speeds;
}

/** What is expected is taken so many times. */
const SAFETY = 1.25;
/** The least share of its time that something still takes which runs longer than expected. */
const REST = 0.1;
/** Of a span of time, until what is left of it is exact enough. */
const HALVINGS = 16;

/** What this machine has taken on, and whether it can take on more. */
export class Capacity {
  readonly lanes: number;
  readonly lead: number;
  readonly speeds: Speeds;
  /** Jobs that are done, and may still be asked about. */
  submitted = 0;
  readonly #held = new Map<string, Held>();

  constructor({ lanes = 1, lead = 30, speeds = new Speeds() }: CapacityOptions = {}) {
    this.lanes = lanes;
    this.lead = lead;
    this.speeds = speeds;
  }

  /** Takes on a job; `until`: a promise that ends at that second of the chain's clock. */
  hold(id: string, task: Task, until?: number): void {
    this.#held.set(id, { ...task, until, begun: this.#held.get(id)?.begun });
  }

  holds(id: string): boolean {
    return this.#held.has(id);
  }

  /** A job is begun. */
  begin(id: string): void {
    const held = this.#held.get(id);
    if (held) held.begun = performance.now();
  }

  /** A job is put back: it waits again. */
  putBack(id: string): void {
    const held = this.#held.get(id);
    if (held) held.begun = undefined;
  }

  release(id: string): void {
    this.#held.delete(id);
  }

  /** What is taken on at a second of the chain's clock. */
  held(now: number): ReadonlyMap<string, Task> {
    for (const [id, { until }] of this.#held) if (until !== undefined && until < now) this.#held.delete(id);
    return this.#held;
  }

  /** Why a task cannot be done in time beside everything that is taken on; null if it can. `now`: the chain's second. */
  refusal(id: string, task: Task, now: number): Refusal | null {
    const others = this.#works(now, id);
    const seconds = this.#expected(task);
    const left = task.deadline - now;
    const due = task.deadline - this.lead;
    if (seconds === undefined && others.length === 0 && due > now) return null;
    if (seconds !== undefined && fits({ id, seconds, due }, others, this.lanes, now)) return null;
    const what =
      seconds === undefined
        ? 'how long this model takes is not known yet, so that it has to be alone'
        : `about ${seconds.toFixed(1)} s of work`;
    return {
      code: 'CAPACITY_TIME',
      message: `its deadline in ${Math.floor(left)} s might not hold: ${what}, ${others.length} jobs are taken on, ${this.lead} s are kept in hand`,
      help: 'it is looked at again while it is open; more --concurrency, a faster device or a smaller --lead take more',
      mayPass: true,
    };
  }

  /** The earliest deadline that a task can be promised, in seconds of the chain's clock; undefined where that is not known. */
  readyBy(task: Omit<Task, 'deadline'>, now: number): number | undefined {
    const seconds = this.#expected(task);
    if (seconds === undefined) return undefined;
    const others = this.#works(now);
    const last = { id: '', seconds, due: Number.POSITIVE_INFINITY };
    const end = endsOf([...others, last], this.lanes, now).get('')!;
    const isEnough = fits({ ...last, due: end }, others, this.lanes, now);
    return Math.ceil((isEnough ? end : Math.max(end, ...others.map(({ due }) => due))) + this.lead);
  }

  /** Seconds that a task that is taken on may take beyond what is expected, and nothing becomes late. */
  spare(id: string, now: number): number {
    const works = this.#works(now);
    const before = latesOf(works, this.lanes, now).size;
    const isLate = (more: number): boolean => {
      const slower = works.map((work) => (work.id === id ? { ...work, seconds: work.seconds + more } : work));
      return latesOf(slower, this.lanes, now).size > before;
    };
    const own = works.find((work) => work.id === id);
    let [low, high] = [0, own ? Math.max(0, own.due - now) : 0];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (low + high) / 2;
      if (isLate(middle)) high = middle;
      else low = middle;
    }
    return low;
  }

  #expected({ programId, count }: Pick<Task, 'programId' | 'count'>): number | undefined {
    const seconds = this.speeds.expected(programId, count);
    return seconds === undefined ? undefined : SAFETY * seconds;
  }

  #works(now: number, but?: string): Work[] {
    return [...this.held(now)].flatMap(([id, task]) => (id === but ? [] : [this.#work(id, task, now)]));
  }

  #work(id: string, task: Held, now: number): Work {
    const due = task.deadline - this.lead;
    // what was never measured may take all the time it has
    const all = this.#expected(task) ?? Math.max(0, due - now);
    if (task.begun === undefined) return { id, seconds: all, due };
    const passed = (performance.now() - task.begun) / 1_000;
    return { id, seconds: Math.max(all - passed, REST * all), due, isRunning: true };
  }
}
