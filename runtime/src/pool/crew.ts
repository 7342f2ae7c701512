import { EssaimError, type Hash, type Program } from '@essaim/protocol';
import { bytesOpen } from './bytes-needed.ts';
import { Hand, type Limits, Lost } from './hand.ts';
import type { Made, Outcome, Task, WorkerSettings } from './messages.ts';
import { pack } from './parcel.ts';
import { partOf } from './program-part.ts';
import { child, type SeatEvents, thread } from './seat.ts';

/** A model that is to run. */
export interface Model {
  /** Of its content: two models with the same key are the same. */
  readonly key: string;
  readonly program: Program;
  readonly onnx: Uint8Array;
  /** Bytes that a worker needs at least to have it open and run it. */
  readonly needed: number;
}

/** A worker that went, and why: its work is done again or refused, by what the code says. */
export interface PoolEvent {
  readonly event: 'worker';
  readonly code: string;
  readonly message: string;
}

export interface CrewOptions {
  readonly count: number;
  readonly isolation: 'thread' | 'process';
  readonly devices: readonly string[];
  readonly limits: Limits;
  /** Bytes of models that one worker keeps open. */
  readonly cache: number;
  readonly settings: WorkerSettings;
  readonly tell?: (event: PoolEvent) => void;
  readonly note?: (programId: Hash, seconds: number) => void;
}

interface Waiting {
  readonly urgency: number;
  readonly model: Model;
  readonly task: Task;
  readonly signal?: AbortSignal;
  resolve(made: Made): void;
  reject(error: unknown): void;
  /** It is not worth doing any more. */
  isOver: boolean;
  /** It was with others in the hand of a worker that went, or alone in that of one that crashed: it is done alone now. */
  isSuspect: boolean;
}

/** Milliseconds of work that are sent at once: models that take less run on several inputs for one message. */
const AT_ONCE = 100;

/** Most executions in one message. */
const MOST = 256;

/** The workers of a pool and what waits for them. Each model is preferably given to whom has it open. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #hands: (Hand | undefined)[];
  readonly #speeds = new Map<string, number>();
  readonly #leaving = new Set<Promise<void>>();
  #queue: Waiting[] = [];
  #isClosed = false;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#hands = new Array<undefined>(options.count).fill(undefined);
  }

  /** What comes of a task, or why nothing can. */
  run(model: Model, task: Task, urgency: number, signal?: AbortSignal): Promise<Made> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw closed();
    const { promise, resolve, reject } = Promise.withResolvers<Made>();
    const waiting: Waiting = { urgency, model, task, signal, resolve, reject, isOver: false, isSuspect: false };
    const abort = (): void => this.#abandon(waiting);
    signal?.addEventListener('abort', abort, { once: true });
    const at = this.#queue.findLastIndex((other) => other.urgency <= urgency) + 1;
    this.#queue.splice(at, 0, waiting);
    // what is asked for in the same moment goes in the same message
    queueMicrotask(() => this.#next());
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Ends all workers; settles when none is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(closed());
    for (const hand of this.#hands) hand?.end('stopped');
    await Promise.all(this.#leaving);
  }

  readonly #inHand = new Map<Hand, Waiting[]>();

  /** A worker none of whose work is wanted ends: nothing else would stop it. */
  #abandon(waiting: Waiting): void {
    waiting.isOver = true;
    waiting.reject(waiting.signal?.reason);
    this.#queue = this.#queue.filter((other) => other !== waiting);
    for (const [hand, batch] of this.#inHand) {
      if (batch.includes(waiting) && batch.every(({ isOver }) => isOver)) hand.end('stopped');
    }
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const place = this.#placeFor(this.#queue[0].model);
      if (place < 0) return;
      this.#hands[place] ??= this.#hire(place);
      void this.#give(this.#hands[place], this.#take());
    }
  }

  /** An idle worker: one that has the model open, one that is not there yet, or the one with the fewest models open. */
  #placeFor({ key }: Model): number {
    const rank = (hand: Hand | undefined): number => {
      if (!hand) return 1;
      if (!hand.isIdle) return Number.POSITIVE_INFINITY;
      return hand.models.has(key) ? 0 : 2 + hand.models.size;
    };
    const ranks = this.#hands.map(rank);
    const best = Math.min(...ranks);
    return Number.isFinite(best) ? ranks.indexOf(best) : -1;
  }

  /** The first that waits, and as many more for the same model as are done quickly and are this worker's share. */
  #take(): Waiting[] {
    const [first] = this.#queue;
    const { key } = first.model;
    const speed = this.#speeds.get(key);
    const fellows = this.#queue.filter(({ model, isSuspect }) => model.key === key && !isSuspect);
    const share = Math.ceil(fellows.length / this.#options.count);
    const quick = speed === undefined ? 1 : Math.floor(AT_ONCE / Math.max(speed, 0.01));
    const count = Math.max(1, Math.min(share, quick, MOST));
    const batch = first.isSuspect ? [first] : fellows.slice(0, count);
    this.#queue = this.#queue.filter((waiting) => !batch.includes(waiting));
    return batch;
  }

  #hire(place: number): Hand {
    const { isolation, settings, limits, devices, tell } = this.#options;
    const open = (events: SeatEvents) =>
      isolation === 'thread' ? thread(settings, limits.memory, events) : child(settings, devices[place], events);
    const hand = new Hand(open, limits, ({ loss, message }) => {
      if (this.#hands[place] === hand) this.#hands[place] = undefined;
      if (loss !== 'stopped') tell?.({ event: 'worker', code: CODES[loss], message: message || SAID[loss] });
    });
    this.#leaving.add(hand.left);
    void hand.left.then(() => this.#leaving.delete(hand.left));
    return hand;
  }

  async #give(hand: Hand, batch: Waiting[]): Promise<void> {
    const { model } = batch[0];
    const { key, program, onnx } = model;
    const isOpen = hand.models.has(key);
    const drop = this.#makeRoom(hand, model);
    const load = isOpen ? undefined : { part: partOf(program), onnx };
    this.#inHand.set(hand, batch);
    try {
      const parcel = pack(batch.map(({ task }) => task));
      const { outcomes, milliseconds } = await hand.give({ model: key, load, drop }, parcel);
      if (isOpen) {
        this.#speeds.set(key, milliseconds / batch.length);
        this.#options.note?.(program.id, milliseconds / batch.length / 1e3);
      } else if (outcomes.every((outcome) => 'refusal' in outcome)) hand.models.delete(key);
      for (const [i, waiting] of batch.entries()) settle(waiting, outcomes[i]);
    } catch (error) {
      this.#lost(batch, error);
    } finally {
      this.#inHand.delete(hand);
      this.#next();
    }
  }

  /** Notes that the model is open, and names those that are closed for it: the ones used longest ago. */
  #makeRoom(hand: Hand, { key, onnx, needed }: Model): string[] {
    const { limits, cache } = this.#options;
    hand.models.delete(key);
    const room = Math.min(cache - bytesOpen(onnx), limits.memory - needed);
    let held = [...hand.models.values()].reduce((sum, bytes) => sum + bytes, 0);
    const drop: string[] = [];
    for (const [other, bytes] of hand.models) {
      if (held <= room) break;
      held -= bytes;
      drop.push(other);
      hand.models.delete(other);
    }
    hand.models.set(key, bytesOpen(onnx));
    return drop;
  }

  /** What a lost worker had in hand: one of several is tried alone, one alone once more if nobody knows why. */
  #lost(batch: readonly Waiting[], error: unknown): void {
    const loss = error instanceof Lost ? error.loss : 'ended';
    for (const waiting of batch.filter(({ isOver }) => !isOver)) {
      if (this.#isClosed) waiting.reject(closed());
      else if (batch.length > 1 || (loss === 'ended' && !waiting.isSuspect)) {
        waiting.isSuspect = true;
        this.#queue.unshift(waiting);
      } else waiting.reject(failure(loss, waiting.model.program.id, this.#options.limits, error));
    }
  }
}

function settle({ resolve, reject }: Waiting, outcome: Outcome): void {
  if ('made' in outcome) resolve(outcome.made);
  else reject(new EssaimError(outcome.refusal.code, outcome.refusal.message, { help: outcome.refusal.help }));
}

const CODES = { memory: 'EXECUTION_TOO_LARGE', time: 'EXECUTION_TOO_SLOW', ended: 'EXECUTION_CRASHED' } as const;
const SAID = { memory: 'it took too much memory', time: 'it took too long', ended: 'it ended' } as const;

function failure(loss: Lost['loss'], programId: Hash, limits: Limits, cause: unknown): EssaimError {
  const details = { programId };
  if (loss === 'memory') {
    return new EssaimError('EXECUTION_TOO_LARGE', `program ${programId} took more than ${limits.memory} bytes`, {
      help: 'give workers more memory, or run fewer of them',
      cause,
      details,
    });
  }
  if (loss === 'time') {
    return new EssaimError('EXECUTION_TOO_SLOW', `program ${programId} took more than ${limits.time} ms`, {
      help: 'give executions more time, or leave this model to a faster device',
      cause,
      details,
    });
  }
  return new EssaimError('EXECUTION_CRASHED', `program ${programId} ended its worker twice: ${String(cause)}`, {
    help: 'this model crashes ONNX Runtime on this input: nothing else is affected',
    cause,
    details,
  });
}

const closed = (): EssaimError =>
  new EssaimError('POOL_CLOSED', 'the pool of workers was closed', { help: 'open another one' });
