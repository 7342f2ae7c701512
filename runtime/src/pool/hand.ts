import type { Order, Outcome, Told } from './messages.ts';
import type { Parcel } from './parcel.ts';
import type { Seat, SeatEvents } from './seat.ts';

/** Why a worker is gone: it took too much memory or time, nobody wanted its work any more, or it ended by itself. */
export type Loss = 'memory' | 'time' | 'stopped' | 'ended';

/** What a worker had in hand when it went. */
export class Lost extends Error {
  readonly loss: Loss;

  constructor(loss: Loss, how: string) {
    super(how);
    this.loss = loss;
  }
}

export interface Limits {
  /** Bytes that a worker may take beyond what it takes with nothing open. */
  readonly memory: number;
  /** Milliseconds of one execution. */
  readonly time: number;
}

export interface Finished {
  readonly outcomes: readonly Outcome[];
  readonly milliseconds: number;
}

interface Busy {
  resolve(finished: Finished): void;
  reject(lost: Lost): void;
}

/** Milliseconds between two looks at how much memory a busy worker has. */
const LOOK = 20;

/** One worker: it has one order in hand at a time, and ends where that goes beyond its limits. */
export class Hand {
  /** Bytes of the models that it has open, the one used last at the end. */
  readonly models = new Map<string, number>();
  /** Settles when nothing of it is left. */
  readonly left: Promise<void>;
  readonly #seat: Seat;
  readonly #limits: Limits;
  readonly #gone: (lost: Lost) => void;
  readonly #stood: Promise<void>;
  #busy?: Busy;
  #loss: Loss = 'ended';
  #isGone = false;
  #atRest: number | null = null;

  constructor(open: (events: SeatEvents) => Seat, limits: Limits, gone: (lost: Lost) => void) {
    this.#limits = limits;
    this.#gone = gone;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    [this.#stood, this.left] = [promise, end.promise];
    const told = (said: Told): void => {
      if ('outcomes' in said) this.#rest()?.resolve(said);
      else resolve();
    };
    const ended = (how: string): void => {
      end.resolve();
      this.#ended(how);
    };
    this.#seat = open({ told, ended });
  }

  get isIdle(): boolean {
    return this.#busy === undefined;
  }

  /** Has an order done. Throws `Lost` where the worker goes before it is. */
  async give(order: Order, parcel: Parcel): Promise<Finished> {
    const { promise, resolve, reject } = Promise.withResolvers<Finished>();
    this.#busy = { resolve, reject };
    let guards: NodeJS.Timeout[] = [];
    void this.#stood.then(() => {
      if (this.isIdle) return;
      this.#atRest ??= this.#seat.memory();
      guards = [setInterval(() => this.#weigh(), LOOK), setTimeout(() => this.end('time'), this.#limits.time)];
      this.#seat.send(order, parcel);
    });
    return promise.finally(() => {
      for (const guard of guards) clearInterval(guard);
    });
  }

  /** Has it end, and takes it as gone. */
  end(loss: Loss): void {
    this.#loss = loss;
    this.#seat.end();
    this.#ended('');
  }

  #weigh(): void {
    const memory = this.#seat.memory();
    if (memory !== null && memory - (this.#atRest ?? 0) > this.#limits.memory) this.end('memory');
  }

  #rest(): Busy | undefined {
    const busy = this.#busy;
    this.#busy = undefined;
    return busy;
  }

  #ended(how: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const lost = new Lost(this.#loss, how);
    this.#gone(lost);
    this.#rest()?.reject(lost);
  }
}
