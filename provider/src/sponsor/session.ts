import type { Authorisation } from '../lending/authorisation.ts';
import type { Line } from '../lending/wire.ts';
import type { Task } from './desk.ts';

/** What an opened session was opened with. */
export interface Opener {
  readonly bearer: string;
  readonly authorisation: Authorisation;
  readonly digest: string;
  readonly publicKey: Uint8Array;
  /** Where the connection came from. */
  readonly address: string;
}

/** A tab that is willing to work, as long as its line to us is open. */
export class Session {
  readonly opener: Opener;
  task: Task | undefined;
  #write: ((line: Line) => void) | undefined;
  #aloneSince = Date.now();

  constructor(opener: Opener) {
    this.opener = opener;
  }

  get payee(): string {
    return this.opener.authorisation.payee;
  }

  get isConnected(): boolean {
    return this.#write !== undefined;
  }

  /** Whether nobody was there for so many milliseconds. */
  isAbandoned(milliseconds: number): boolean {
    return !this.isConnected && Date.now() - this.#aloneSince > milliseconds;
  }

  connect(write: (line: Line) => void): void {
    this.#write = write;
  }

  /** Whether this is the line that it has now. */
  speaksBy(write: (line: Line) => void): boolean {
    return this.#write === write;
  }

  disconnect(): void {
    this.#write = undefined;
    this.#aloneSince = Date.now();
  }

  tell(line: Line): void {
    this.#write?.(line);
  }
}
