import { randomBytes } from 'node:crypto';
import type { Hash } from '@essaim/protocol';
import type { Essaim, SubmittedBatch } from '@essaim/sdk';
import type { Submitted } from '../case.ts';
import type { Told, VerifierEvent } from '../events.ts';
import { Attention, type Look, type Met } from './attention.ts';
import { Book } from './book.ts';
import { Costs } from './costs.ts';
import { lotOf } from './lot.ts';
import { type Acquaintance, type Known, meetJob, meetRound } from './meet.ts';
import { Verdicts } from './verdicts.ts';

/** Is told how many claims wait, and in how many seconds the first of them has to be begun. */
export type Gauge = (waiting: number, slack: number | undefined) => void;

/** What a verifier looks at, and why: the chain's facts, this machine's speed, and the choice between what it could do. */
export class Eye {
  readonly #essaim: Essaim;
  readonly #attention: Attention;
  readonly #gauge: Gauge;
  readonly book: Book;
  readonly costs = new Costs();

  constructor(
    essaim: Essaim,
    attention: Attention = new Attention(lotOf(randomBytes(32)), {}, new Verdicts()),
    gauge: Gauge = () => {},
  ) {
    this.#essaim = essaim;
    this.#attention = attention;
    this.#gauge = gauge;
    this.book = new Book(essaim, attention.isBounded);
  }

  /** Notes what one execution of a program took. */
  timed = (programId: string, seconds: number): void => this.costs.note(programId, seconds);

  waiting(count: number, slack: number | undefined): void {
    this.#gauge(count, slack);
  }

  /** Reads the chain up to a block: of before `since` only what executors are known by. */
  read(head: number, since?: number): Promise<void> {
    return this.book.read(head, since);
  }

  /** What a submission is worth and by when it has to be looked at. */
  meet(submitted: Submitted): Promise<Known> {
    return this.#noted(meetJob(this.#with, submitted));
  }

  /** The same of a batch of a run, of whose steps so many are run again. */
  meetRound(runId: Hash, submitted: SubmittedBatch, steps: number): Promise<Known> {
    return this.#noted(meetRound(this.#with, runId, submitted, steps));
  }

  /** Whether and why a submission would be looked at; nothing is decided by asking. */
  look(met: Met): Look {
    return this.#attention.look(met, true);
  }

  /** Whether a submission is looked at; says so, and why, where there is a choice. */
  isChosen(met: Met, told: Told, say: (event: VerifierEvent) => void): boolean {
    const { isLooked, ...look } = this.#attention.look(met);
    if (this.#attention.isBounded) say({ event: isLooked ? 'chosen' : 'spared', ...told, ...look });
    return isLooked;
  }

  clean(met: Met): void {
    this.#attention.clean(met);
  }

  isClean(met: Met): boolean {
    return this.#attention.isClean(met);
  }

  get #with(): Acquaintance {
    return { essaim: this.#essaim, book: this.book, costs: this.costs, isBounded: this.#attention.isBounded };
  }

  async #noted(meeting: Promise<Known>): Promise<Known> {
    const known = await meeting;
    this.#attention.meet(known.met);
    return known;
  }
}
