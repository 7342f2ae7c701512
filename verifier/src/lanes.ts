import type { Confirm, Tracer } from '@essaim/runtime';

interface Waiting {
  readonly urgency: number;
  readonly begin: () => void;
}

/** Comes before every deadline: what a seat is drawn for. */
export const ASSIGNED = Number.NEGATIVE_INFINITY;

/** So many executions at once; of those that wait the most urgent (the least number) goes first, of equals the eldest. */
export class Lanes {
  readonly width: number;
  readonly #trace: Tracer;
  readonly #note: (programId: string, seconds: number) => void;
  readonly #waiting: Waiting[] = [];
  #free: number;

  /**
   * @param note is told what each execution took
   * @param atOnce executions that are begun at once: more than run, where the tracer itself has the most urgent go first
   */
  constructor(
    trace: Tracer,
    width: number,
    note: (programId: string, seconds: number) => void = () => {},
    atOnce = width,
  ) {
    this.width = width;
    this.#trace = trace;
    this.#note = note;
    this.#free = atOnce;
  }

  /** A tracer whose executions are all of one urgency. */
  at(urgency: number): Tracer {
    const trace = this.#trace;
    const timed = async (...[program, onnx, inputs, known, within]: Parameters<Tracer>) => {
      const began = performance.now();
      const made = await trace(program, onnx, inputs, known, { ...within, urgency });
      this.#note(program.id, (performance.now() - began) / 1e3);
      return made;
    };
    const { confirm } = trace;
    return Object.assign((...call: Parameters<Tracer>) => this.#inTurn(urgency, () => timed(...call)), {
      remake: (...call: Parameters<Tracer['remake']>) => this.#inTurn(urgency, () => trace.remake(...call)),
      confirm:
        confirm &&
        ((...[program, onnx, claims, within]: Parameters<Confirm>) =>
          this.#inTurn(urgency, () => confirm(program, onnx, claims, { ...within, urgency }))),
    });
  }

  async #inTurn<T>(urgency: number, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((begin) => this.#wait({ urgency, begin }));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin();
      else this.#free++;
    }
  }

  #wait(waiting: Waiting): void {
    const at = this.#waiting.findIndex(({ urgency }) => urgency > waiting.urgency);
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, waiting);
  }
}
